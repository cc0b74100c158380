import { describe, expect, it } from 'vitest';
import { callAfter, eventEntry, transcript } from '../../domain/calls/testing.ts';
import { ApiCallError } from '../session/request.ts';
import { createConsoleApi } from './api.ts';
import { message, pageOf, summary } from './fake-messages.ts';
import { isFeedMessage } from './guards.ts';

const { signal } = new AbortController();

function serverWith(answer: unknown) {
  const paths: string[] = [];
  const api = createConsoleApi(async (path, options) => {
    paths.push(`${options?.method ?? 'GET'} ${path}`);
    return answer;
  });
  return { api, paths };
}

describe('requests to the server', () => {
  it('get calls, a page at a time', async () => {
    const page = pageOf([summary(1)], 'c1');
    const { api, paths } = serverWith(page);
    expect(await api.calls({}, null, signal)).toEqual(page);
    await api.calls({ number: '44', text: 'a&b' }, 'c1', signal);
    expect(paths).toEqual([
      'GET api/calls?limit=100',
      'GET api/calls?number=44&text=a%26b&cursor=c1&limit=100',
    ]);
  });

  it('get one call', async () => {
    const detail = {
      call: callAfter(...transcript),
      entries: transcript.map((payload) => eventEntry(payload)),
    };
    const { api, paths } = serverWith(detail);
    expect(await api.call('leg:1/2', signal)).toEqual(detail);
    expect(paths).toEqual(['GET api/calls/leg%3A1%2F2']);
  });

  it('replay an event', async () => {
    const { api, paths } = serverWith({ status: 200 });
    expect(await api.replay('CON-1', 7)).toEqual({ status: 200 });
    expect(paths).toEqual(['POST api/calls/CON-1/entries/7/replay']);
  });
});

it.each([null, 'no', {}, { calls: [{}], next: null }, { calls: [], next: 1 }, { call: {}, entries: [] }])(
  'rejects the response %j',
  async (answer) => {
    const { api } = serverWith(answer);
    const requests = [api.calls({}, null, signal), api.call('CON-1', signal), api.replay('CON-1', 7)];
    for (const result of await Promise.allSettled(requests)) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(ApiCallError);
    }
  },
);

it('recognises a feed message', () => {
  const told = message(summary(1));
  expect(isFeedMessage(told)).toBe(true);
  expect(isFeedMessage({ ...told, call: null })).toBe(false);
  expect(isFeedMessage({ ...told, entry: { ...told.entry, payload: 'x' } })).toBe(false);
});
