import { type DeskFault, entriesOf } from './desk-file-value.ts';
import type { Hours, Interval } from './hours.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A weekday, or the first and the last of several. */
export const WEEK_KEY = new RegExp(`^(${DAYS.join('|')})(-(${DAYS.join('|')}))?$`);

/** Opening hours as the desk file has them. */
interface GivenHours {
  zone: string;
  week: Readonly<Record<string, GivenDay>>;
  exceptions?: Readonly<Record<string, GivenDay>> | undefined;
  untilEmpty?: boolean | undefined;
}

type GivenDay = string | readonly string[];

const DAY_MINUTES = 1_440;

/** The interval in a text like `09:00-17:30`. One that ends before it begins ends on the next day. */
export function intervalIn(text: string): Interval | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] =
    /^([01]\d|2[0-3]):([0-5]\d) ?[-–] ?([01]\d|2[0-4]):([0-5]\d)$/.exec(text.trim()) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (Number.isNaN(from + to) || to > DAY_MINUTES || from === to) return undefined;
  return { from, to: to > from ? to : to + DAY_MINUTES };
}

/** Opening hours that were found to be right. */
export function readHours({ zone, week, exceptions, untilEmpty = false }: GivenHours): Hours {
  const days: Interval[][] = DAYS.map(() => []);
  for (const [key, day] of Object.entries(week)) {
    for (const index of daysOf(key)) days[index] = intervalsOf(day);
  }
  const dates = Object.entries(exceptions ?? {}).map(([date, day]) => [date, intervalsOf(day)] as const);
  return { zone, week: days, exceptions: Object.fromEntries(dates), untilEmpty };
}

/** Opening hours that contradict themselves, whether or not everything else is right. */
export function faultsInHours(value: unknown, path: DeskFault['path']): DeskFault[] {
  const faults: DeskFault[] = [];
  const weekdays: { key: string; intervals: Interval[] }[] = [];
  const week = entriesOf(value, 'week');
  for (const [key, day] of week) {
    const intervals = intervalsOf(day);
    for (const index of daysOf(key)) {
      if (weekdays[index] !== undefined) {
        faults.push({
          path: [...path, 'week', key],
          message: `sets ${DAYS[index]}, which another line sets, too`,
        });
      }
      weekdays[index] = { key, intervals };
    }
    if (overlap(intervals)) faults.push({ path: [...path, 'week', key], message: OVERLAP });
  }
  for (const index of DAYS.keys()) {
    const [today, tomorrow] = [weekdays[index], weekdays[(index + 1) % DAYS.length]];
    if (today === undefined || tomorrow === undefined) continue;
    const overnight = today.intervals
      .filter(({ to }) => to > DAY_MINUTES)
      .map(({ to }) => ({ from: 0, to: to - DAY_MINUTES }));
    if (overnight.length > 0 && overlap([...overnight, ...tomorrow.intervals])) {
      const message = `${OVERLAP}: ${DAYS[index]} ends after ${DAYS[(index + 1) % DAYS.length]} begins`;
      faults.push({ path: [...path, 'week', today.key], message });
    }
  }
  const exceptions = entriesOf(value, 'exceptions');
  for (const [date, day] of exceptions) {
    if (overlap(intervalsOf(day))) faults.push({ path: [...path, 'exceptions', date], message: OVERLAP });
  }
  if (week.length > 0 && [...week, ...exceptions].every(([, day]) => isClosed(day))) {
    faults.push({ path: [...path, 'week'], message: 'must have an interval: the queue would never be open' });
  }
  return faults;
}

const OVERLAP = 'has hours that overlap';

function overlap(intervals: readonly Interval[]): boolean {
  const sorted = intervals.toSorted((a, b) => a.from - b.from);
  return sorted.some(({ from }, index) => from < (sorted[index - 1]?.to ?? 0));
}

function isClosed(day: unknown): boolean {
  return day === 'closed' || (Array.isArray(day) && day.length === 0);
}

/** The intervals of a day; none where it is closed or cannot be read. */
function intervalsOf(day: unknown): Interval[] {
  const texts: unknown[] = Array.isArray(day) ? day : [day];
  return texts.flatMap((text) => (typeof text === 'string' ? (intervalIn(text) ?? []) : []));
}

/** Indexes of the weekdays in a key, Monday first: `fri-mon` is four. */
function daysOf(key: string): number[] {
  const [first = '', last = first] = key.split('-');
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
  if (from < 0 || to < 0) return [];
  const length = ((to - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length }, (_, index) => (from + index) % DAYS.length);
}
