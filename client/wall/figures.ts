import {
  COUNT_NAMES,
  type CountName,
  type Counts,
  type Figures,
  type IntervalFigures,
  RATE_NAMES,
  type RateName,
  ratesOf,
  type Sums,
  sumOf,
} from '../../domain/desk/figures.ts';
import { clock } from '../../ui/clock.ts';

export type FigureName = CountName | RateName;

/** What a supervisor looks at first. docs/supervisor.md explains each figure. */
export const FIRST_FIGURES: readonly FigureName[] = [
  'serviceLevel',
  'offered',
  'answered',
  'abandoned',
  'abandonRate',
  'asa',
  'aht',
  'occupancy',
];

/** The others, in the order in which they are shown. */
export const MORE_FIGURES: readonly FigureName[] = [
  'nonResponse',
  'nonResponseWithoutCallers',
  'overflowed',
  'callback',
  'shortAbandoned',
  'waiting',
  'lost',
];

/** Figures that are a share of the whole, so that a chart shows the whole. */
export const SHARES: readonly FigureName[] = ['serviceLevel', 'occupancy'];

/** The figures with which the days before are compared. */
export type ComparedDay = 'yesterday' | 'lastWeek';

/** The figures of today, and of the days to compare with; null: not there yet. */
export interface Days extends Record<ComparedDay, Figures | null> {
  today: Figures;
}

const INTERVAL_MS = 15 * 60_000;

/** Figures in seconds. */
const SECONDS: readonly FigureName[] = ['asa', 'aht'];

export function isCount(name: FigureName): name is CountName {
  return COUNT_NAMES.some((count) => count === name);
}

/** What is counted of a figure, where it is a number of calls; null: nothing to divide by. */
function valueIn(sums: Counts & Sums, name: FigureName): number | null {
  return isCount(name) ? sums[name] : ratesOf(sums)[name];
}

/** A figure as it is written: `82 %`, `0:14`, `1,204`; a dash where there is nothing to divide by. */
export function figureText(name: FigureName, value: number | null, locale: string): string {
  if (value === null) return '–';
  if (SECONDS.includes(name)) return clock(Math.round(value) * 1000);
  return isCount(name) ? value.toLocaleString(locale) : percent(locale).format(value);
}

const percentFormats = new Map<string, Intl.NumberFormat>();

function percent(locale: string): Intl.NumberFormat {
  const format =
    percentFormats.get(locale) ??
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  percentFormats.set(locale, format);
  return format;
}

/** A figure of an earlier day, until the same time of that day as it is now. */
export function valueUntilNow(
  figures: Figures,
  today: Figures,
  name: FigureName,
  now: number,
): number | null {
  const passed = now - today.from;
  return valueIn(sumOf(figures.intervals.filter(({ at }) => at - figures.from < passed)), name);
}

/** A day's course of a figure: one value for each quarter of an hour from its first to its last. */
interface Series {
  /** Milliseconds since the day began. */
  times: readonly number[];
  values: Readonly<Record<'today' | ComparedDay, readonly (number | null)[]>>;
}

/** The course of a figure on all days, from the first quarter of an hour in which anything happened to the last. */
export function seriesOf({ today, yesterday, lastWeek }: Days, name: FigureName, now: number): Series {
  const days = { today, yesterday, lastWeek };
  const offsets = Object.values(days).flatMap((day) => day?.intervals.map(({ at }) => at - day.from) ?? []);
  if (offsets.length === 0) return { times: [], values: { today: [], yesterday: [], lastWeek: [] } };
  const first = Math.min(...offsets);
  const last = Math.max(...offsets);
  const times = Array.from(
    { length: Math.round((last - first) / INTERVAL_MS) + 1 },
    (_, index) => first + index * INTERVAL_MS,
  );
  const course = (day: Figures | null, until: number) => {
    const byTime = new Map(day?.intervals.map((interval) => [interval.at - day.from, interval]));
    return times.map((time) => (time > until || day === null ? null : valueAt(byTime.get(time), name)));
  };
  const whole = Number.POSITIVE_INFINITY;
  return {
    times,
    values: {
      today: course(today, now - today.from),
      yesterday: course(yesterday, whole),
      lastWeek: course(lastWeek, whole),
    },
  };
}

/** Fewer points than these are a dot or a stub, and no course. */
const FEWEST_POINTS = 3;

/** A series as a line without axes can show it: without the days that have too few points. */
export function linesOf({ times, values }: Series): Series {
  const line = (day: readonly (number | null)[]) =>
    day.filter((value) => value !== null).length < FEWEST_POINTS ? day.map(() => null) : day;
  return {
    times,
    values: {
      today: line(values.today),
      yesterday: line(values.yesterday),
      lastWeek: line(values.lastWeek),
    },
  };
}

function valueAt(interval: IntervalFigures | undefined, name: FigureName): number | null {
  if (interval === undefined) return isCount(name) ? 0 : null;
  return valueIn(interval, name);
}

/** A cell of a table for a spreadsheet. */
type Cell = string | number | null;

/** The figures by quarter of an hour. @param heading what the columns are called */
export function intervalTable({ intervals }: Figures, heading: readonly string[]): Cell[][] {
  const rows = intervals.map((interval) => {
    const rates = ratesOf(interval);
    return [
      localTime(interval.at),
      ...COUNT_NAMES.map((name) => interval[name]),
      ...RATE_NAMES.map((name) => rounded(rates[name])),
    ];
  });
  return [[...heading], ...rows];
}

/** The columns of `intervalTable` after the time. */
export const INTERVAL_COLUMNS: readonly FigureName[] = [...COUNT_NAMES, ...RATE_NAMES];

/** The agents' day. */
export function agentTable({ agents }: Figures, heading: readonly string[]): Cell[][] {
  const rows = agents.map(
    ({ name, handled, talkSeconds, wrapUpSeconds, idleSeconds, offers, rejected, missed }) => [
      name,
      handled,
      Math.round(talkSeconds),
      Math.round(wrapUpSeconds),
      Math.round(idleSeconds),
      offers,
      rejected,
      missed,
    ],
  );
  return [[...heading], ...rows];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}

/** `2026-11-29 09:15` in the zone of this computer: spreadsheets read it in every language. */
function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A table as comma-separated values (RFC 4180). Text that a spreadsheet would run as a formula is quoted with a `'`. */
export function csvOf(table: readonly (readonly Cell[])[]): string {
  return `${table.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
