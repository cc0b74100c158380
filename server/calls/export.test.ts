import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reduce, viewCall } from '../../domain/calls/reduce.ts';
import { eventEntry } from '../../domain/calls/testing.ts';
import type { AnswerEntry } from '../../domain/webhooks/log-entry.ts';
import { type ExportedCall, exportName, harOfCall, jsonOfCall } from './export.ts';

/** HAR 1.2, as its specification has it. */
const pairs = z.array(z.strictObject({ name: z.string(), value: z.string() }));
const size = z.int().min(-1);
const http = {
  httpVersion: z.string(),
  cookies: z.array(z.never()),
  headers: pairs,
  headersSize: size,
  bodySize: size,
};
const har = z.strictObject({
  log: z.strictObject({
    version: z.literal('1.2'),
    creator: z.strictObject({ name: z.string(), version: z.string() }),
    entries: z.array(
      z.strictObject({
        startedDateTime: z.iso.datetime(),
        time: z.number().min(0),
        request: z.strictObject({
          ...http,
          method: z.string(),
          url: z.url(),
          queryString: pairs,
          postData: z.strictObject({ mimeType: z.string(), text: z.string() }).optional(),
        }),
        response: z.strictObject({
          ...http,
          status: z.int(),
          statusText: z.string(),
          content: z.strictObject({ size, mimeType: z.string(), text: z.string() }),
          redirectURL: z.string(),
        }),
        cache: z.strictObject({}),
        timings: z.strictObject({ send: z.number(), wait: z.number(), receive: z.number() }),
        comment: z.string(),
      }),
    ),
  }),
});

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBbGljZSJ9.c2ln';
const AT = Date.parse('2026-11-29T14:20:05.123Z');

const event = {
  ...eventEntry({
    ...{
      uuid: 'c',
      status: 'started',
      direction: 'inbound',
      from: '447700900000',
      conversation_uuid: 'CON-1',
    },
    timestamp: new Date(AT).toISOString(),
    custom: { api_secret: 'SECRET-1', note: `Bearer ${TOKEN}`, token_count: 7 },
    recording_url: 'https://user:SECRET-2@api.nexmo.com/v1/files/1?sig=SECRET-3&page=2',
  }),
  receivedAt: AT + 20,
};
const question: AnswerEntry = {
  ...event,
  type: 'answer',
  method: 'GET',
  route: '/voice/answer',
  receivedAt: AT + 5,
  request: {
    from: '447700900000',
    to: '442038297050',
    uuid: 'c',
    headers: { 'X-A': 'é' },
    access_token: 'SECRET-4',
  },
  reply: { status: 200, ncco: [{ action: 'talk', text: 'Please wait' }] },
};
const call: ExportedCall = {
  call: { ...viewCall(reduce(undefined, event)), lastHeardAt: AT + 20 },
  entries: [question, event],
  desk: [],
  requests: [
    {
      ...{ at: AT + 8, took: 3, method: 'POST', url: 'https://api.nexmo.com/v1/calls' },
      body: { to: [{ type: 'app', user: 'Alice' }], answer_url: [`https://example.com/a?token=SECRET-5`] },
      answer: { status: 201, text: '{"uuid":"app","jwt":"SECRET-6"}' },
    },
    {
      at: AT + 9,
      took: 3_000,
      method: 'PUT',
      url: 'https://api.nexmo.com/v1/calls/c',
      body: {},
      answer: null,
    },
  ],
};

describe('the export of a call', () => {
  it('is a HAR 1.2 with webhooks and requests, in the order of time', () => {
    const made = harOfCall(call, 'http://127.0.0.1:3000');
    expect(har.safeParse(JSON.parse(JSON.stringify(made))).error).toBeUndefined();
    expect(made.log.entries.map(({ comment }) => comment)).toEqual([
      'received: answer',
      'sent',
      'sent; no answer',
      'received: event',
    ]);
    const [asked, created, lost, told] = made.log.entries;
    expect(asked?.request.url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/voice\/answer\?from=447700900000&/);
    expect(asked?.request.queryString).toContainEqual({ name: 'headers', value: '{"X-A":"é"}' });
    expect(asked?.response.content.text).toBe('[{"action":"talk","text":"Please wait"}]');
    expect(created?.response).toMatchObject({ status: 201, statusText: 'Created' });
    expect(created?.request.postData?.text).toContain('"user":"Alice"');
    expect(lost?.response).toMatchObject({ status: 0, statusText: '' });
    expect(told?.request.postData?.text).toContain('"token_count":7');
  });

  it('is JSON with the call, its entries, the desk and its requests', () => {
    expect(jsonOfCall(call)).toMatchObject({
      call: { id: 'CON-1' },
      entries: [{ type: 'answer' }, { type: 'event' }],
      desk: [],
      requests: [{ method: 'POST' }, { method: 'PUT' }],
    });
  });

  it('has no secrets', () => {
    for (const made of [harOfCall(call, 'http://127.0.0.1:3000'), jsonOfCall(call)]) {
      const text = JSON.stringify(made);
      expect(text.match(/SECRET-\d/g)).toBeNull();
      expect(text).not.toContain(TOKEN);
      expect(text).toContain('page=2');
    }
  });

  it('is named by the time and the caller’s last digits', () => {
    expect(exportName(call, 'har')).toBe('call-2026-11-29T14-20-05Z-0000.har');
    const unknown = { ...call, call: { ...call.call, from: 'anonymous', startedAt: null } };
    expect(exportName(unknown, 'json')).toBe('call-2026-11-29T14-20-05Z.json');
  });
});
