import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../domain/calls/outcome.ts';
import { message, NOON, summary } from './fake-messages.ts';
import {
  countOf,
  everything,
  type Filter,
  fits,
  mentions,
  periods,
  queryOf,
  readFilter,
  statuses,
  writeFilter,
} from './filter.ts';

const keys = <Key extends string>(record: Record<Key, unknown>) =>
  fc.constantFrom(...Object.keys(record).filter((key): key is Key => Object.hasOwn(record, key)));
const time = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date(NOON) })
  .map((date) => date.toISOString());
const words = fc.string({ unit: 'grapheme' });

const filters: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .record({
      number: words,
      agent: words,
      status: fc.oneof(keys(statuses), fc.constant('' as const)),
      outcome: fc.constantFrom('' as const, ...OUTCOMES),
      text: words,
    })
    .chain((fields) =>
      fc.oneof(
        keys(periods)
          .filter((period) => period !== 'span')
          .map((period): Filter => ({ ...everything, ...fields, period })),
        fc
          .record({ since: time, until: time })
          .map((span): Filter => ({ ...fields, period: 'span', ...span })),
      ),
    ),
);

describe('a filter in the address', () => {
  it('is read back as written', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const address = writeFilter(filter, new URLSearchParams()).toString();
        expect(readFilter(new URLSearchParams(address))).toEqual(filter);
      }),
    );
  });

  it('is empty without criteria', () => {
    expect(writeFilter(everything, new URLSearchParams()).toString()).toBe('');
    expect(readFilter(new URLSearchParams())).toEqual(everything);
  });

  it.each([
    ['status=levitating&period=constructor', everything],
    ['since=yesterday&until=', everything],
    ['until=2026-03-29T12:00:00.000Z', { ...everything, period: 'span', until: '2026-03-29T12:00:00.000Z' }],
    ['call=CON-1&x=y', everything],
  ])('%s keeps what is valid', (address, expected) => {
    expect(readFilter(new URLSearchParams(address))).toEqual(expected);
  });
});

it('counts the fields in use', () => {
  expect(countOf(everything)).toBe(0);
  expect(countOf({ ...everything, number: '44', period: 'span', since: 'x', until: 'y' })).toBe(2);
});

describe('the query for the server', () => {
  it('is empty without a filter', () => {
    expect(queryOf(everything, NOON)).toEqual({});
  });

  it('has the digits of a number, and trimmed text', () => {
    expect(queryOf({ ...everything, number: '+44 (7700) 9', text: ' ab c ' }, NOON)).toEqual({
      number: '4477009',
      text: 'ab c',
    });
    expect(queryOf({ ...everything, number: '+', text: '  ' }, NOON)).toEqual({});
  });

  it.each([
    ['020 3829 7050', '2038297050'],
    ['0044 20 3829', '44203829'],
    ['7700 900', '7700900'],
  ])('finds %s in any country’s notation', (number, digits) => {
    expect(queryOf({ ...everything, number }, NOON)).toEqual({ number: digits });
  });

  it.each([
    ['+44 7700 900000', '447700900000'],
    ['212 555', '212555'],
    ['2026-03-29', '2026-03-29'],
    ['603', '603'],
    ['+', '+'],
    ['5 apples', '5 apples'],
  ])('searches events for %s as %s', (text, sent) => {
    expect(queryOf({ ...everything, text }, NOON)).toEqual({ text: sent });
  });

  it('asks for what a search has with keys, before what the fields have', () => {
    const text = 'agent:Bob hold music direction:inbound';
    expect(queryOf({ ...everything, text, agent: 'Alice', outcome: 'missed' }, NOON)).toEqual({
      ...{ agent: 'Bob', text: 'hold music', direction: 'inbound', outcome: 'missed' },
    });
  });

  it.each([
    ['hour', { since: '2026-03-29T11:00:00.000Z' }],
    ['week', { since: '2026-03-22T12:00:00.000Z' }],
    ['today', { since: new Date(new Date(NOON).setHours(0, 0, 0, 0)).toISOString() }],
    ['span', { since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' }],
  ] as const)('has the times of the period %s', (period, expected) => {
    const span = { since: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' };
    expect(queryOf({ ...everything, ...(period === 'span' && span), period }, NOON)).toEqual(expected);
  });
});

describe('a call', () => {
  const call = summary(1, {
    ...{ status: 'ended', end: 'caller-gave-up', agent: 'Bob', firstSeenAt: NOON },
    ...{ queue: 'sales', exit: 'abandoned', direction: null },
  });

  it.each([
    [{}, true],
    [{ number: '7700' }, true],
    [{ number: '3829' }, true],
    [{ number: '999' }, false],
    [{ agent: 'Bob' }, true],
    [{ agent: 'Bo' }, false],
    [{ status: 'ended' }, true],
    [{ status: 'ringing' }, false],
    [{ since: new Date(NOON).toISOString() }, true],
    [{ since: new Date(NOON + 1).toISOString() }, false],
    [{ until: new Date(NOON + 1).toISOString() }, true],
    [{ until: new Date(NOON).toISOString() }, false],
    [{ number: '7700', agent: 'Alice' }, false],
    [{ outcome: 'abandoned' }, true],
    [{ outcome: 'missed' }, false],
    [{ queue: 'sales' }, true],
    [{ queue: 'support' }, false],
    [{ direction: 'inbound' }, true],
    [{ direction: 'outbound' }, false],
  ] as const)('matches %j: %s', (query, expected) => {
    expect(fits(query, call)).toBe(expected);
  });

  it('of unknown parties matches no number', () => {
    expect(fits({ number: '4' }, summary(1, { from: null, to: null }))).toBe(false);
  });
});

it.each([
  ['declined', true],
  ['DECLINED', true],
  ['leg-CON-1', true],
  ['nowhere', false],
  [undefined, true],
])('an entry mentions %s: %s', (text, expected) => {
  const { entry } = message(summary(1), { detail: 'Declined' });
  expect(mentions(text === undefined ? {} : { text }, entry)).toBe(expected);
});
