import { Temporal } from 'temporal-polyfill';

/** When a queue is open, in wall time. */
export interface Hours {
  /** IANA name. */
  zone: string;
  /** By weekday, Monday first. */
  week: readonly (readonly Interval[])[];
  /** By date `YYYY-MM-DD`, instead of the weekday's; empty: closed all day. */
  exceptions: Readonly<Record<string, readonly Interval[]>>;
  /** Whether callers who wait at closing time are still served. */
  untilEmpty: boolean;
}

/** Minutes since the midnight that the day begins with; a `to` above 1440 is on the next day. */
export interface Interval {
  from: number;
  to: number;
}

const DAY_MINUTES = 1_440;
/** Days in which the next opening is looked for. */
const LOOK_DAYS = 400;

/**
 * Whether a clock on the wall shows an open time. An hour that the clock shows twice counts twice, one that it
 * skips never comes. An interval over midnight belongs to the day on which it begins.
 */
export function isOpenAt(hours: Hours, now: number): boolean {
  const { zone } = hours;
  const time = zoned(zone, now);
  const minute = time.hour * 60 + time.minute;
  const date = time.toPlainDate();
  return (
    intervalsOn(hours, date).some(({ from, to }) => from <= minute && minute < to) ||
    intervalsOn(hours, date.subtract({ days: 1 })).some(({ to }) => minute + DAY_MINUTES < to)
  );
}

/** The first time from now on at which it is open, in milliseconds since 1970; null: not within a year. */
export function nextOpening(hours: Hours, now: number): number | null {
  if (isOpenAt(hours, now)) return now;
  const today = zoned(hours.zone, now).toPlainDate();
  for (let day = 0; day < LOOK_DAYS; day += 1) {
    const opening = beginningsOn(hours, today.add({ days: day }))
      .filter((time) => time > now && isOpenAt(hours, time))
      .sort((a, b) => a - b)[0];
    if (opening !== undefined) return opening;
  }
  return null;
}

/** The times of a day at which it may open: where an interval begins, and where the clock is put forward or back. */
function beginningsOn(hours: Hours, date: Temporal.PlainDate): number[] {
  const { zone } = hours;
  const times: number[] = [];
  for (const { from } of intervalsOn(hours, date)) {
    const wall = date.toPlainDateTime().add({ minutes: from });
    for (const disambiguation of ['earlier', 'later'] as const) {
      times.push(wall.toZonedDateTime(zone, { disambiguation }).epochMilliseconds);
    }
  }
  const start = date.toZonedDateTime(zone);
  if (start.offsetNanoseconds !== date.add({ days: 1 }).toZonedDateTime(zone).offsetNanoseconds) {
    const change = start.getTimeZoneTransition('next');
    if (change !== null) times.push(change.epochMilliseconds);
  }
  return times;
}

function intervalsOn({ week, exceptions }: Hours, date: Temporal.PlainDate): readonly Interval[] {
  return exceptions[date.toString()] ?? week[date.dayOfWeek - 1] ?? [];
}

function zoned(zone: string, time: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(time)).toZonedDateTimeISO(zone);
}
