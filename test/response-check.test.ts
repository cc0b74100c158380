import { expect, it } from 'vitest';
import { createResponseCheck, type SentResponse } from './support/response-check.ts';

const check = createResponseCheck();

const missed: SentResponse = {
  method: 'POST',
  url: '/api/history/seen',
  status: 200,
  type: 'application/json; charset=utf-8',
  body: '{"missed":3}',
};

const wall = (data: string) => `event: wall\ndata: ${data}\n\n`;
const view = { now: 1, agents: [], queues: [], calls: [], voicemails: { unheard: 0, oldest: null } };
const feed: SentResponse = {
  method: 'GET',
  url: '/api/wall/feed?x',
  status: 200,
  type: 'text/event-stream',
  body: `: hello\n\n${wall(JSON.stringify(view))}event: wall\ndata: {"cut`,
};

it.each([
  ['a response as described', missed],
  ['an error', { ...missed, status: 404, body: '{"error":"No.","code":"not-found"}' }],
  ['a feed, cut in an event', feed],
  ['an address that there is not', { ...missed, url: '/api/nothing', status: 404, body: '{}' }],
  [
    'a path before one with parameters',
    { ...missed, url: '/api/contacts/import', status: 405, body: '{"error":"No.","code":"bad-request"}' },
  ],
  ['no body', { ...missed, method: 'DELETE', url: '/api/voicemails/1', status: 204, type: '', body: '' }],
])('accepts %s', (_what, sent) => {
  expect(check(sent)).toBeUndefined();
});

it.each([
  ['a field that is missing', { ...missed, body: '{}' }, 'missed'],
  ['a field that is not described', { ...missed, body: '{"missed":3,"more":1}' }, 'additional properties'],
  ['a wrong value', { ...missed, body: '{"missed":"3"}' }, 'must be integer'],
  ['a status that is not described', { ...missed, status: 201 }, 'this status'],
  ['another type', { ...missed, type: 'text/html' }, 'not application/json'],
  ['an error without a code', { ...missed, status: 400, body: '{"error":"No."}' }, 'code'],
  ['an address that is not described', { ...missed, url: '/api/secrets' }, 'not in the description'],
  ['an event without a field', { ...feed, body: wall('{"now":1}') }, 'agents'],
  [
    'a body where there should be none',
    { ...missed, method: 'DELETE', url: '/api/voicemails/1', status: 204 },
    'no body',
  ],
])('reports %s', (_what, sent, words) => {
  expect(check(sent)).toContain(words);
});
