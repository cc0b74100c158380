import type { Direction, Summary } from '../traffic/entry.ts';
import { hasFailed } from '../traffic/entry.ts';

export const OUTCOMES = ['failed', 'pending', '2xx', '3xx', '4xx', '5xx'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the list shows; null lets everything through. */
export interface Filter {
  text: string;
  direction: Direction | null;
  outcome: Outcome | null;
  /** Id of a conversation. */
  call: string | null;
}

export const EVERYTHING: Filter = { text: '', direction: null, outcome: null, call: null };

export function isEverything(filter: Filter): boolean {
  return filter.text.trim() === '' && !filter.direction && !filter.outcome && !filter.call;
}

/** @param found ids of those whose bodies or headers hold the text, as far as the platform has said */
export function matches(summary: Summary, filter: Filter, found: ReadonlySet<number>): boolean {
  const { direction, outcome, call } = filter;
  return (
    (direction === null || summary.direction === direction) &&
    (call === null || summary.call === call) &&
    (outcome === null || hasOutcome(summary, outcome)) &&
    (found.has(summary.id) || holds(summary, filter.text.trim().toLowerCase()))
  );
}

function hasOutcome(summary: Summary, outcome: Outcome): boolean {
  if (outcome === 'failed') return hasFailed(summary);
  if (outcome === 'pending') return summary.took === null;
  return summary.status !== null && `${Math.floor(summary.status / 100)}xx` === outcome;
}

function holds({ what, method, url, status, error, call, leg, hint }: Summary, text: string): boolean {
  if (text === '') return true;
  return [what, `${method} ${url}`, String(status ?? ''), error, call, leg, hint?.text].some((part) =>
    part?.toLowerCase().includes(text),
  );
}
