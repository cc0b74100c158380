import { type Figures, figuresOfSpan } from '../../../domain/desk/figures.ts';
import type { Store } from '../../store/store.ts';
import { type EventsRead, eventsAfter } from './history.ts';

/** Spans whose figures are kept: those of a wall, which are today, yesterday and the same day last week. */
const MOST_KEPT = 3;
/** Milliseconds of the longest span that is kept: a day on which clocks are put back. */
const LONGEST_KEPT_MS = 25 * 3_600_000;

interface Kept {
  span: ReturnType<typeof figuresOfSpan>;
  /** The events that count in it. */
  read: EventsRead | null;
  /** The reading that goes on, or was the last. */
  reading: Promise<unknown>;
}

/** Reads figures. Of days that were asked for lately, only what has happened since then is read. */
export function createFiguresReader(
  store: Store,
  now: () => number,
): (from: number, to: number) => Promise<Figures> {
  /** By when they begin and end; the one that was asked for last at the end. */
  const spans = new Map<string, Kept>();

  function keep(from: number, to: number): Kept {
    const name = `${from} ${to}`;
    const known = spans.get(name) ?? {
      span: figuresOfSpan(from, to),
      read: null,
      reading: Promise.resolve(),
    };
    spans.delete(name);
    if (to - from <= LONGEST_KEPT_MS) spans.set(name, known);
    const [oldest] = spans.keys();
    if (spans.size > MOST_KEPT && oldest !== undefined) spans.delete(oldest);
    return known;
  }

  return async (from, to) => {
    const kept = keep(from, to);
    // One after another: no event may count twice.
    const reading = kept.reading.then(async () => {
      const { events, areAll, read } = await eventsAfter(store, to, from, kept.read);
      if (areAll) kept.span = figuresOfSpan(from, to);
      kept.span.add(events);
      kept.read = read;
      return kept.span.figures(now());
    });
    kept.reading = reading.catch(() => {});
    return reading;
  };
}

/** When a day begins, in the zone of this server. @param days from today */
export function startOfDay(now: number, days = 0): number {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return date.setHours(0, 0, 0, 0);
}
