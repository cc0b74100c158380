import { describe, expect, it } from 'vitest';
import { type Hours, type Interval, isOpenAt, nextOpening } from './hours.ts';

/** `09:30-17:00` as an interval; an end before the beginning is on the next day. */
function interval(text: string): Interval {
  const [from = 0, to = 0] = text.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return hour * 60 + minute;
  });
  return { from, to: to > from ? to : to + 1440 };
}

function hours(
  zone: string,
  days: readonly string[],
  exceptions: Readonly<Record<string, readonly string[]>> = {},
): Hours {
  const week = Array.from({ length: 7 }, (_, day) =>
    (days.length === 1 ? days[0] : days[day])?.split(' ').filter(Boolean).map(interval),
  );
  return {
    zone,
    week: week.map((each) => each ?? []),
    exceptions: Object.fromEntries(Object.entries(exceptions).map(([date, of]) => [date, of.map(interval)])),
    untilEmpty: false,
  };
}

const at = (text: string) => Date.parse(text);
const MINUTE = 60_000;

/** From when to when it is open, minute by minute, in UTC. */
function openTimes(open: Hours, from: string, to: string): string[] {
  const times: string[] = [];
  let since: number | undefined;
  for (let time = at(from); time <= at(to); time += MINUTE) {
    const isOpen = time < at(to) && isOpenAt(open, time);
    if (isOpen) since ??= time;
    else if (since !== undefined) {
      times.push(`${short(since)}-${short(time)}`);
      since = undefined;
    }
  }
  return times;
}

const short = (time: number) => new Date(time).toISOString().slice(11, 16);

describe('in a usual week', () => {
  const office = hours('Europe/London', [
    '09:00-12:30 13:30-17:00',
    '09:00-17:00',
    '',
    '',
    '',
    '22:00-02:00',
    '',
  ]);

  it('is open in its intervals: the first minute is, the last is not', () => {
    // Monday, 2 March 2026
    expect(openTimes(office, '2026-03-02T00:00Z', '2026-03-03T00:00Z')).toEqual([
      '09:00-12:30',
      '13:30-17:00',
    ]);
    expect(openTimes(office, '2026-03-04T00:00Z', '2026-03-05T00:00Z')).toEqual([]);
  });

  it('is open over midnight', () => {
    expect(openTimes(office, '2026-03-07T12:00Z', '2026-03-08T12:00Z')).toEqual(['22:00-02:00']);
  });

  it('is open over midnight from Sunday to Monday', () => {
    const late = hours('Europe/London', ['', '', '', '', '', '', '23:00-01:00']);
    expect(openTimes(late, '2026-03-08T12:00Z', '2026-03-09T12:00Z')).toEqual(['23:00-01:00']);
  });

  it('is open all day, and the day after', () => {
    const always = hours('Europe/London', ['00:00-24:00']);
    expect(openTimes(always, '2026-03-02T00:00Z', '2026-03-05T00:00Z')).toHaveLength(1);
  });

  it('opens next after a lunch, a night, a weekend', () => {
    expect(nextOpening(office, at('2026-03-02T12:45Z'))).toBe(at('2026-03-02T13:30Z'));
    expect(nextOpening(office, at('2026-03-02T17:00Z'))).toBe(at('2026-03-03T09:00Z'));
    expect(nextOpening(office, at('2026-03-03T17:00Z'))).toBe(at('2026-03-07T22:00Z'));
    expect(nextOpening(office, at('2026-03-02T10:00Z'))).toBe(at('2026-03-02T10:00Z'));
  });

  it('never opens without any interval', () => {
    expect(nextOpening(hours('Europe/London', ['']), at('2026-03-02T10:00Z'))).toBeNull();
  });
});

describe('on a night on which the clock is changed', () => {
  it.each<[string, string, string, string, string[]]>([
    // 01:00 GMT becomes 02:00 BST.
    ['Europe/London', '2026-03-29T00:00Z', '00:30-01:30', '2026-03-29T12:00Z', ['00:30-01:00']],
    ['Europe/London', '2026-03-29T00:00Z', '01:15-01:45', '2026-03-29T12:00Z', []],
    ['Europe/London', '2026-03-29T00:00Z', '01:30-03:00', '2026-03-29T12:00Z', ['01:00-02:00']],
    ['Europe/London', '2026-03-29T00:00Z', '09:00-10:00', '2026-03-29T12:00Z', ['08:00-09:00']],
    // 02:00 BST becomes 01:00 GMT.
    [
      'Europe/London',
      '2026-10-25T00:00Z',
      '01:15-01:45',
      '2026-10-25T12:00Z',
      ['00:15-00:45', '01:15-01:45'],
    ],
    ['Europe/London', '2026-10-25T00:00Z', '00:30-03:00', '2026-10-25T12:00Z', ['00:00-03:00']],
    ['Europe/London', '2026-10-25T00:00Z', '09:00-10:00', '2026-10-25T12:00Z', ['09:00-10:00']],
    // 02:00 EST (07:00Z) becomes 03:00 EDT.
    ['America/New_York', '2026-03-08T05:00Z', '01:30-02:30', '2026-03-08T17:00Z', ['06:30-07:00']],
    ['America/New_York', '2026-03-08T05:00Z', '02:15-02:45', '2026-03-08T17:00Z', []],
    ['America/New_York', '2026-03-08T05:00Z', '08:00-09:00', '2026-03-08T17:00Z', ['12:00-13:00']],
    // 02:00 EDT (06:00Z) becomes 01:00 EST.
    [
      'America/New_York',
      '2026-11-01T04:00Z',
      '01:15-01:45',
      '2026-11-01T17:00Z',
      ['05:15-05:45', '06:15-06:45'],
    ],
    ['America/New_York', '2026-11-01T04:00Z', '00:30-02:30', '2026-11-01T17:00Z', ['04:30-07:30']],
    ['America/New_York', '2026-11-01T04:00Z', '08:00-09:00', '2026-11-01T17:00Z', ['13:00-14:00']],
  ])('%s, %s: %s', (zone, from, day, to, expected) => {
    expect(openTimes(hours(zone, [day]), from, to)).toEqual(expected);
  });

  it.each([
    ['Europe/London', '2026-03-28T20:00Z', '2026-03-29T04:00Z'],
    ['Europe/London', '2026-10-24T20:00Z', '2026-10-25T04:00Z'],
    ['America/New_York', '2026-03-08T01:00Z', '2026-03-08T09:00Z'],
    ['America/New_York', '2026-11-01T01:00Z', '2026-11-01T09:00Z'],
  ])('%s, %s: opens next when it is next open, whenever that is asked', (zone, from, to) => {
    for (const day of [
      '01:30-02:30',
      '01:15-01:45',
      '02:15-02:45',
      '22:00-01:30',
      '00:00-24:00',
      '02:00-03:00',
    ]) {
      const open = hours(zone, [day]);
      let next = nextOpening(open, at(to));
      for (let time = at(to); time >= at(from); time -= MINUTE) {
        if (isOpenAt(open, time)) next = time;
        if (time % (7 * MINUTE) === 0 || isOpenAt(open, time)) {
          expect(nextOpening(open, time), `${day} at ${new Date(time).toISOString()}`).toBe(next);
        }
      }
    }
  });
});

describe('on a holiday', () => {
  const holidays = { '2026-12-24': ['09:00-13:00'], '2026-12-25': [], '2026-12-28': [] };

  it('has the hours of the holiday instead of the weekday', () => {
    const office = hours(
      'Europe/London',
      ['09:00-17:00', '09:00-17:00', '09:00-17:00', '09:00-17:00', '09:00-17:00'],
      holidays,
    );
    expect(openTimes(office, '2026-12-24T00:00Z', '2026-12-25T00:00Z')).toEqual(['09:00-13:00']);
    expect(openTimes(office, '2026-12-25T00:00Z', '2026-12-29T00:00Z')).toEqual([]);
    // Thursday noon to the Tuesday after Christmas, Saturday, Sunday and a bank holiday.
    expect(nextOpening(office, at('2026-12-24T13:00Z'))).toBe(at('2026-12-29T09:00Z'));
  });

  it('is a date of its own zone', () => {
    const office = hours('America/New_York', ['00:00-24:00'], { '2026-12-25': [] });
    expect(isOpenAt(office, at('2026-12-25T04:59Z'))).toBe(true);
    expect(isOpenAt(office, at('2026-12-25T05:00Z'))).toBe(false);
    expect(nextOpening(office, at('2026-12-25T05:00Z'))).toBe(at('2026-12-26T05:00Z'));
  });

  it('ends no interval that began the evening before', () => {
    const bar = hours('Europe/London', ['20:00-02:00'], { '2026-12-25': [] });
    expect(openTimes(bar, '2026-12-24T12:00Z', '2026-12-26T12:00Z')).toEqual(['20:00-02:00']);
  });

  it('may open a day that is closed in the week', () => {
    const office = hours('Europe/London', [''], { '2026-11-29': ['10:00-16:00'] });
    expect(nextOpening(office, at('2026-03-02T10:00Z'))).toBe(at('2026-11-29T10:00Z'));
  });
});
