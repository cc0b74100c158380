import { OUTCOMES, type Outcome } from '../calls/outcome.ts';

/** What can be asked for by name in a search for calls, such as `agent:Alice from:2026-11-01`. */
export const SEARCH_KEYS = ['number', 'agent', 'outcome', 'queue', 'direction', 'from', 'to'] as const;

export type SearchKey = (typeof SEARCH_KEYS)[number];

const DIRECTIONS = ['inbound', 'outbound'] as const;

/** A search as it was typed, in parts. Times are ISO; the rest is the text that is looked for in payloads. */
export interface CallSearch {
  number?: string;
  agent?: string;
  outcome?: Outcome;
  queue?: string;
  direction?: (typeof DIRECTIONS)[number];
  since?: string;
  until?: string;
  text: string;
}

/** Why a part of a search is left out. */
export type SearchProblem =
  | { is: 'unknown key'; key: string }
  | { is: 'no value' | 'given twice'; key: SearchKey }
  | { is: 'unknown value'; key: SearchKey; value: string; allowed: readonly string[] }
  | { is: 'not a number' | 'not a date'; key: SearchKey; value: string }
  /** It ends before it begins. */
  | { is: 'no time between' };

/** Names that a search may be about; other ones are taken as they are. */
export interface KnownNames {
  agents: readonly string[];
  queues: readonly string[];
}

/** A quoted text, which may look like a part with a key, or such a part. */
const TERM = /"[^"]*"|(?<!\S)([A-Za-z]+):("[^"]*"|\S*)/g;

/** Addresses, which payloads are full of, begin like a part with a key. */
const SCHEMES: readonly string[] = ['http', 'https', 'ws', 'wss', 'sip', 'sips', 'tel'];

/** Reads a search: parts with a key anywhere in it, and the text between them. Days are those of this computer. */
export function parseSearch(
  typed: string,
  known: KnownNames = { agents: [], queues: [] },
): { search: CallSearch; problems: readonly SearchProblem[] } {
  const problems: SearchProblem[] = [];
  const given = new Map<SearchKey, string>();
  const text = typed.replace(TERM, (term: string, name?: string, quoted?: string) => {
    if (name === undefined || quoted === undefined || SCHEMES.includes(name.toLowerCase())) return term;
    const key = SEARCH_KEYS.find((each) => each === name.toLowerCase());
    const value = unquoted(quoted);
    if (key === undefined) problems.push({ is: 'unknown key', key: name });
    else if (value === '') problems.push({ is: 'no value', key });
    else if (given.has(key)) problems.push({ is: 'given twice', key });
    else given.set(key, value);
    return ' ';
  });
  const search: CallSearch = { text: text.trim() };
  for (const [key, value] of given) {
    const problem = take(search, key, value, known);
    if (problem) problems.push(problem);
  }
  if (search.since !== undefined && search.until !== undefined && search.since >= search.until)
    problems.push({ is: 'no time between' });
  return { search, problems };
}

/** Adds a part to a search, or says why not. */
function take(search: CallSearch, key: SearchKey, value: string, known: KnownNames): SearchProblem | null {
  const unknown = (allowed: readonly string[]) => ({ is: 'unknown value', key, value, allowed }) as const;
  switch (key) {
    case 'number': {
      const digits = value.replaceAll(/\D/g, '').replace(/^0+/, '');
      if (digits === '') return { is: 'not a number', key, value };
      search.number = digits;
      return null;
    }
    case 'agent':
      search.agent = named(value, known.agents);
      return null;
    case 'queue':
      search.queue = named(value, known.queues);
      return null;
    case 'outcome': {
      const outcome = OUTCOMES.find((each) => each === value.toLowerCase());
      if (outcome === undefined) return unknown(OUTCOMES);
      search.outcome = outcome;
      return null;
    }
    case 'direction': {
      const direction = DIRECTIONS.find((each) => each === value.toLowerCase());
      if (direction === undefined) return unknown(DIRECTIONS);
      search.direction = direction;
      return null;
    }
    case 'from':
    case 'to': {
      const span = readSpan(value);
      if (span === null) return { is: 'not a date', key, value };
      if (key === 'from') search.since = span.begin.toISOString();
      else search.until = span.end.toISOString();
      return null;
    }
  }
}

/** A name as it is known, however it was capitalised. */
function named(value: string, known: readonly string[]): string {
  return known.find((name) => name.toLowerCase() === value.toLowerCase()) ?? value;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/;

/** A day, or a minute of one, of this computer's zone; null where there is no such day. */
function readSpan(value: string): { begin: Date; end: Date } | null {
  const match = DATE.exec(value);
  if (match === null) return null;
  const [year, month, day, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const begin = new Date(year, month - 1, day, hour, minute);
  if (begin.getMonth() !== month - 1 || begin.getDate() !== day || hour > 23 || minute > 59) return null;
  const isDay = match[4] === undefined;
  const end = isDay ? new Date(year, month - 1, day + 1) : new Date(begin.getTime() + 60_000);
  return { begin, end };
}

/**
 * Searches that what was typed may become, as whole texts: a key, or a value for the last key.
 * @param today a time of today
 */
export function suggestSearches(typed: string, known: KnownNames, today: Date): readonly string[] {
  const [, head = '', last = ''] = /^(.*?)((?:(?<!\S)[A-Za-z]+:"[^"]*)|\S*)$/s.exec(typed) ?? [];
  const colon = last.indexOf(':');
  const begins = (value: string, part: string) => value.toLowerCase().startsWith(part.toLowerCase());
  if (colon < 0)
    return SEARCH_KEYS.filter((key) => begins(key, last) && !head.includes(`${key}:`)).map(
      (key) => `${head}${key}:`,
    );
  const key = SEARCH_KEYS.find((each) => each === last.slice(0, colon).toLowerCase());
  const part = last.slice(colon + 1).replaceAll('"', '');
  return key === undefined
    ? []
    : valuesOf(key, known, today)
        .filter((value) => begins(value, part) && value !== part)
        .map((value) => `${head}${key}:${quotedIfNeeded(value)}`);
}

const DAYS_SUGGESTED = 7;

function valuesOf(key: SearchKey, { agents, queues }: KnownNames, today: Date): readonly string[] {
  switch (key) {
    case 'number':
      return [];
    case 'agent':
      return agents;
    case 'queue':
      return queues;
    case 'outcome':
      return OUTCOMES;
    case 'direction':
      return DIRECTIONS;
    case 'from':
    case 'to':
      return Array.from({ length: DAYS_SUGGESTED }, (_, back) => dayBefore(today, back));
  }
}

function dayBefore(today: Date, days: number): string {
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function quotedIfNeeded(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}

function unquoted(value: string): string {
  return value.replace(/^"(.*?)"?$/s, '$1').trim();
}
