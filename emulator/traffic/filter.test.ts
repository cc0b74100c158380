import { expect, test } from 'vitest';
import { bodyOf } from './body.ts';
import type { Filter } from './filter.ts';
import { filterSchema, matcherOf, pageSchema } from './filter.ts';
import { fakeEntry } from './testing.ts';

const entry = fakeEntry({
  status: 404,
  request: { headers: [['user-agent', 'Apache']], body: bodyOf('{"from":"447700900000"}') },
});

test.each<[Filter, boolean]>([
  [{}, true],
  [{ call: entry.call ?? '' }, true],
  [{ call: entry.leg ?? '' }, true],
  [{ call: 'CON-other' }, false],
  [{ direction: 'out' }, true],
  [{ direction: 'in' }, false],
  [{ kind: 'event' }, true],
  [{ kind: 'rest' }, false],
  [{ status: '404' }, true],
  [{ status: '4xx' }, true],
  [{ status: '40' }, false],
  [{ status: '2xx' }, false],
  [{ status: 'failed' }, true],
  [{ status: 'pending' }, false],
  [{ text: 'RINGING' }, true],
  [{ text: '/voice/EVENT' }, true],
  [{ text: '7700900000' }, true],
  [{ text: 'user-agent: apache' }, true],
  [{ text: 'nowhere' }, false],
  [{ text: 'ringing', direction: 'in' }, false],
])('%j matches an event answered with 404: %s', (filter, passes) => {
  expect(matcherOf(filter)(entry)).toBe(passes);
});

test('a request without an answer has failed; one that waits has not', () => {
  const failed = matcherOf({ status: 'failed' });
  expect(failed(fakeEntry({ status: null, error: 'refused the connection' }))).toBe(true);
  const pending = fakeEntry({ status: null, took: null, response: null });
  expect(failed(pending)).toBe(false);
  expect(matcherOf({ status: 'pending' })(pending)).toBe(true);
  expect(matcherOf({ status: '2xx' })(pending)).toBe(false);
});

test.each([
  { status: '6xx' },
  { status: 'x' },
  { direction: 'up' },
  { kind: 'x' },
  { text: 'x'.repeat(201) },
])('%j is not a filter', (query) => {
  expect(filterSchema.safeParse(query).success).toBe(false);
});

test('the page size is limited', () => {
  expect(pageSchema.parse({})).toEqual({ limit: 100 });
  expect(pageSchema.parse({ limit: '5', before: '9' })).toEqual({ limit: 5, before: 9 });
  expect(pageSchema.safeParse({ limit: '5000' }).success).toBe(false);
});
