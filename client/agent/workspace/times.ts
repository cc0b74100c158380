import { minuteTime, shortDay } from '../../../ui/time-words.ts';
import type { WorkspaceStrings } from '../../strings/workspace-en.ts';

/** When something was: the time for today, the day and the time for the last week, else the date and the time. */
export function whenWords(at: number, now: number, locale: string, words: WorkspaceStrings['lists']): string {
  const time = minuteTime(at, locale);
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) {
    return time;
  }
  if (days === 1) {
    return `${words.yesterday} ${time}`;
  }
  return `${shortDay(at, locale, days > 1 && days < 7 ? 'weekday' : 'date')} ${time}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The times in a country, the earliest and the latest of its zones; null where they are not known. */
export function timesIn(country: string, now: number, locale: string): { from: string; to: string } | null {
  const zones = zonesOf(country);
  const clocks = [...new Set(zones.map((timeZone) => sortable(timeZone, now)))].sort();
  const shown = (zone: string | undefined) => zone && minuteTime(now, locale, zone);
  const zoneOf = (clock: string | undefined) => zones.find((zone) => sortable(zone, now) === clock);
  const from = shown(zoneOf(clocks[0]));
  const to = shown(zoneOf(clocks.at(-1)));
  return from && to ? { from, to } : null;
}

/** Not every browser knows the zones of a country. */
function zonesOf(country: string): readonly string[] {
  try {
    const place: Intl.Locale & { getTimeZones?: () => string[] | undefined } = new Intl.Locale(
      `und-${country}`,
    );
    return place.getTimeZones?.() ?? [];
  } catch {
    return [];
  }
}

function sortable(timeZone: string, now: number): string {
  return new Date(now).toLocaleString('sv', { timeZone });
}
