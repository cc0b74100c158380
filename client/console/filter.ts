import { type CallSearch, type KnownNames, parseSearch } from '../../domain/api/call-search.ts';
import { textSearch } from '../../domain/api/search.ts';
import type { CallStatus, CallSummary } from '../../domain/calls/call.ts';
import { OUTCOMES, type Outcome, outcomeOf } from '../../domain/calls/outcome.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import type { Wanted } from '../../ui/marked.tsx';

/** The times to choose from; `span` is any other, from `since` to `until`. */
export const periods = { any: true, hour: true, today: true, week: true, span: true };
type Period = keyof typeof periods;

export const statuses: Record<CallStatus, true> = {
  started: true,
  ringing: true,
  'in-call': true,
  ended: true,
};

/** Which calls somebody wants to see. Empty texts ask for nothing. */
export interface Filter {
  /** Part of either party's number, as it was typed. */
  number: string;
  agent: string;
  status: CallStatus | '';
  outcome: Outcome | '';
  period: Period;
  /** ISO times, or empty; only the period `span` has them. */
  since: string;
  until: string;
  /** Part of any value in a call's entries, and parts with a key (see `parseSearch`), which go before the fields here. */
  text: string;
}

export const everything: Filter = {
  number: '',
  agent: '',
  status: '',
  outcome: '',
  period: 'any',
  since: '',
  until: '',
  text: '',
};

/** How many of its fields ask for something. */
export function countOf({ number, agent, status, outcome, period, text }: Filter): number {
  return (
    [number, agent, status, outcome, text].filter((field) => field !== '').length + (period === 'any' ? 0 : 1)
  );
}

/** A filter in a page's address, as far as it makes sense. */
export function readFilter(params: URLSearchParams): Filter {
  const text = (name: string) => params.get(name) ?? '';
  const time = (name: string) => (Number.isNaN(Date.parse(text(name))) ? '' : text(name));
  const status = text('status');
  const period = text('period');
  const span = { since: time('since'), until: time('until') };
  const hasSpan = span.since !== '' || span.until !== '';
  return {
    number: text('number'),
    agent: text('agent'),
    status: isKey(statuses, status) ? status : '',
    outcome: OUTCOMES.find((outcome) => outcome === text('outcome')) ?? '',
    period: hasSpan ? 'span' : isKey(periods, period) ? period : 'any',
    ...span,
    text: text('text'),
  };
}

/** Puts what a filter asks for into a page's address, and nothing else of it. */
export function writeFilter(filter: Filter, params: URLSearchParams): URLSearchParams {
  const { since, until, ...others } = filter;
  const asked = { ...others, ...(filter.period === 'span' && { since, until }) };
  for (const [name, value] of Object.entries(asked)) {
    if (value !== '' && value !== 'any' && value !== 'span') {
      params.set(name, value);
    }
  }
  return params;
}

function isKey<Key extends string>(record: Record<Key, unknown>, key: string): key is Key {
  return Object.hasOwn(record, key);
}

/** What the server is asked for: the fields of `GET /api/calls`. */
export interface Query {
  number?: string;
  agent?: string;
  status?: CallStatus;
  outcome?: Outcome;
  queue?: string;
  direction?: 'inbound' | 'outbound';
  since?: string;
  until?: string;
  text?: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A filter as the server understands it.
 * @param now milliseconds since 1970; periods begin before it
 * @param known names that are found however they are capitalised
 */
export function queryOf(filter: Filter, now: number, known?: KnownNames): Query {
  const { text: typed, ...searched }: CallSearch = parseSearch(filter.text, known).search;
  // Within a country a number begins with zeros that Vonage's numbers, and all abroad, do not have.
  const number = filter.number.replaceAll(/\D/g, '').replace(/^0+/, '');
  const since = beginOf(filter, now);
  const until = filter.period === 'span' ? filter.until : '';
  const text = asSent(typed);
  return {
    ...(number !== '' && { number }),
    ...(filter.agent !== '' && { agent: filter.agent }),
    ...(filter.status !== '' && { status: filter.status }),
    ...(filter.outcome !== '' && { outcome: filter.outcome }),
    ...(since !== '' && { since }),
    ...(until !== '' && { until }),
    ...(text !== '' && { text }),
    ...searched,
  };
}

/** A text as events have it: a number that was typed as people write it is one of digits alone there. */
function asSent(text: string): string {
  return /^\+?\d[\d ()]+$/.test(text) ? text.replaceAll(/\D/g, '') : text;
}

function beginOf({ period, since }: Filter, now: number): string {
  switch (period) {
    case 'any':
      return '';
    case 'hour':
      return new Date(now - HOUR_MS).toISOString();
    case 'today':
      return new Date(new Date(now).setHours(0, 0, 0, 0)).toISOString();
    case 'week':
      return new Date(now - 7 * DAY_MS).toISOString();
    case 'span':
      return since;
  }
}

/** Whether a call is one of those that the server would list, but for `text`, which its entries decide. */
export function fits(query: Query, call: CallSummary): boolean {
  const { number, agent, status, outcome, queue, direction, since, until } = query;
  const has = (party: string | null) => number !== undefined && (party ?? '').includes(number);
  return (
    (number === undefined || has(call.from) || has(call.to)) &&
    (agent === undefined || call.agent === agent) &&
    (status === undefined || call.status === status) &&
    (outcome === undefined || outcomeOf(call) === outcome) &&
    (queue === undefined || call.queue === queue) &&
    (direction === undefined || (call.direction ?? 'inbound') === direction) &&
    (since === undefined || call.firstSeenAt >= Date.parse(since)) &&
    (until === undefined || call.firstSeenAt < Date.parse(until))
  );
}

/** Whether an entry holds the text that is looked for. */
export function mentions({ text }: Query, entry: LogEntry): boolean {
  return (
    text === undefined ||
    textSearch(text).finds(entry.type === 'event' ? entry.payload : entry.request, entry.reply)
  );
}

/** What a filter looks for, to be marked where it is seen. */
export function wantedBy(filter: Filter): Wanted {
  const { number, text } = queryOf(filter, 0);
  const wanted = text === undefined ? '' : textSearch(text).wanted;
  return { text: wanted, digits: number ?? (/^\d+$/.test(wanted) ? wanted : '') };
}
