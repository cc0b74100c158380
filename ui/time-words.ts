import { clock } from './clock.ts';

/** Formatters are slow to make and quick to use. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();

function dateFormat(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`;
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, format);
  return format;
}

const clockOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/**
 * A time of this computer's day: `21:20:05`, or `09:20:05 PM` where the locale counts to 12. All times here
 * are milliseconds since 1970.
 */
export function clockTime(at: number, locale: string): string {
  return dateFormat(locale, 'clock', clockOptions).format(at);
}

/** `21:20`, of this computer's zone or another. */
export function minuteTime(at: number, locale: string, timeZone?: string): string {
  const options = { ...clockOptions, second: undefined, ...(timeZone !== undefined && { timeZone }) };
  return dateFormat(locale, `minute ${timeZone ?? ''}`, options).format(at);
}

/** `Sun`, or `29 Mar`. */
export function shortDay(at: number, locale: string, by: 'weekday' | 'date'): string {
  const options =
    by === 'weekday' ? ({ weekday: 'short' } as const) : ({ day: 'numeric', month: 'short' } as const);
  return dateFormat(locale, by, options).format(at);
}

/** `21:20:05.582`. */
export function preciseTime(at: number, locale: string): string {
  return dateFormat(locale, 'precise', { ...clockOptions, fractionalSecondDigits: 3 }).format(at);
}

/** `29 Mar 2021, 21:20:05`. */
export function dayAndTime(at: number, locale: string): string {
  const options = { ...clockOptions, day: 'numeric', month: 'short', year: 'numeric' } as const;
  return dateFormat(locale, 'day and time', options).format(at);
}

/** The time if it is today, or else day and time. */
export function shortTime(at: number, now: number, locale: string): string {
  if (new Date(at).toDateString() === new Date(now).toDateString()) {
    return clockTime(at, locale);
  }
  const options = { ...clockOptions, second: undefined, day: 'numeric', month: 'short' } as const;
  return dateFormat(locale, 'short', options).format(at);
}

/** A duration with suitable precision: `21 ms`, `6.84 s`, `2:03`, without line breaks. */
export function span(ms: number, locale: string): string {
  if (ms < 1_000) {
    return `${Math.round(ms)}\u00a0ms`;
  }
  return ms < 60_000 ? `${decimal(ms / 1_000, locale)}\u00a0s` : clock(ms);
}

/** A duration known to the second: `7 s`, `2:03`. */
export function wholeSeconds(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds}\u00a0s` : clock(seconds * 1_000);
}

function decimal(value: number, locale: string): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const format = numberFormats.get(locale) ?? new Intl.NumberFormat(locale, digits);
  numberFormats.set(locale, format);
  return format.format(value);
}
