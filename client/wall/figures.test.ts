import { describe, expect, it } from 'vitest';
import type { Figures, IntervalFigures } from '../../domain/desk/figures.ts';
import { figuresOf } from '../../domain/desk/figures.ts';
import {
  agentTable,
  csvOf,
  FIRST_FIGURES,
  figureText,
  INTERVAL_COLUMNS,
  intervalTable,
  linesOf,
  MORE_FIGURES,
  seriesOf,
  valueUntilNow,
} from './figures.ts';

const QUARTER = 15 * 60_000;
const TODAY = new Date(2026, 2, 2).getTime();
const YESTERDAY = new Date(2026, 2, 1).getTime();

/** A day with so many calls in its quarters of an hour, all but one of each answered after 10 s. */
function day(from: number, calls: Readonly<Record<number, number>>): Figures {
  const empty = figuresOf([], from, from + 96 * QUARTER);
  const intervals = Object.entries(calls).map(([index, offered]): IntervalFigures => {
    const answered = offered - 1;
    const none = { shortAbandoned: 0, overflowed: 0, callback: 0, lost: 0, waiting: 0 };
    return {
      at: from + Number(index) * QUARTER,
      offered,
      answered,
      abandoned: 1,
      ...none,
      answeredInTime: answered,
      waitSeconds: answered * 10,
      handled: answered,
      handleSeconds: answered * 100,
      idleSeconds: 0,
      offers: answered,
      notTaken: 0,
      endedByCaller: 0,
    };
  });
  return { ...empty, intervals };
}

it('every figure of the desk is shown once', () => {
  const shown = [...FIRST_FIGURES, ...MORE_FIGURES];
  expect(shown.toSorted()).toEqual(INTERVAL_COLUMNS.toSorted());
});

it.each([
  ['serviceLevel', 0.824, 'en-GB', '82%'],
  ['serviceLevel', 0.824, 'es', '82\u00a0%'],
  ['asa', 64.4, 'en-GB', '1:04'],
  ['aht', 65.9, 'en-GB', '1:06'],
  ['offered', 1204, 'en-GB', '1,204'],
  ['aht', null, 'en-GB', '–'],
] as const)('%s of %s is written in %s as %s', (name, value, locale, text) => {
  expect(figureText(name, value, locale)).toBe(text);
});

describe('the days before', () => {
  const yesterday = day(YESTERDAY, { 32: 5, 36: 11, 60: 3 });
  const today = day(TODAY, { 32: 3, 34: 2 });
  const now = TODAY + 37 * QUARTER;

  it('count until the same time of the day', () => {
    expect(valueUntilNow(yesterday, today, 'offered', now)).toBe(16);
    expect(valueUntilNow(yesterday, today, 'serviceLevel', now)).toBe(14 / 16);
    expect(valueUntilNow(yesterday, today, 'aht', TODAY)).toBe(null);
  });

  it('are drawn as a whole, and today until now', () => {
    const { times, values } = seriesOf({ today, yesterday, lastWeek: null }, 'offered', now);
    expect([times[0], times.at(-1), times.length]).toEqual([32 * QUARTER, 60 * QUARTER, 29]);
    expect(values.today.slice(0, 7)).toEqual([3, 0, 2, 0, 0, 0, null]);
    expect(values.yesterday[4]).toBe(11);
    expect(new Set(values.lastWeek)).toEqual(new Set([null]));
  });

  it('have no rate where nothing happened', () => {
    const { values } = seriesOf({ today, yesterday, lastWeek: null }, 'asa', now);
    expect(values.today.slice(0, 3)).toEqual([10, null, 10]);
  });

  it('are no line where only one or two quarters of an hour have a value', () => {
    const few = day(TODAY, { 32: 3, 34: 2 });
    const days = { today: few, yesterday, lastWeek: null };
    const { times, values } = linesOf(seriesOf(days, 'asa', now));
    expect(times.length).toBe(29);
    expect(new Set(values.today)).toEqual(new Set([null]));
    expect(linesOf(seriesOf(days, 'offered', now)).values.today.slice(0, 3)).toEqual([3, 0, 2]);
  });

  it('need nothing to be drawn', () => {
    const none = day(TODAY, {});
    expect(seriesOf({ today: none, yesterday: null, lastWeek: null }, 'offered', now).times).toEqual([]);
  });
});

describe('a table for spreadsheets', () => {
  it('has a line for each interval, and a column for each figure', () => {
    const [heading, first] = intervalTable(day(TODAY, { 36: 4 }), ['Time', ...INTERVAL_COLUMNS]);
    expect(heading?.slice(0, 3)).toEqual(['Time', 'offered', 'answered']);
    expect(first?.slice(0, 3)).toEqual(['2026-03-02 09:00', 4, 3]);
    expect(first?.[INTERVAL_COLUMNS.indexOf('serviceLevel') + 1]).toBe(0.75);
    expect(first).toHaveLength(heading?.length ?? 0);
  });

  it('has a line for each agent', () => {
    const agents = [
      {
        name: 'Alice',
        handled: 2,
        talkSeconds: 60.4,
        wrapUpSeconds: 10,
        idleSeconds: 5,
        offers: 3,
        rejected: 1,
        missed: 0,
      },
    ];
    const [, alice] = agentTable({ ...day(TODAY, {}), agents }, []);
    expect(alice).toEqual(['Alice', 2, 60, 10, 5, 3, 1, 0]);
  });

  it.each([
    [['a', 1, null], 'a,1,\r\n'],
    [['a,b', 'say "hi"'], '"a,b","say ""hi"""\r\n'],
    [['=1+1', '+44', '@x', '-1'], "'=1+1,'+44,'@x,'-1\r\n"],
    [[-1], '-1\r\n'],
  ])('quotes what needs it: %j', (row, expected) => {
    expect(csvOf([row])).toBe(expected);
  });
});
