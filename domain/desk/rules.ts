import type { Hours } from './hours.ts';

/** How the desk works: the desk file, checked and complete. Lengths are in seconds. */
export interface DeskRules {
  /** BCP 47; the voice that callers hear. */
  language: string;
  /** By dialled number, E.164 without `+`. Others use `otherNumbers`. */
  numbers: Readonly<Record<string, Reception>>;
  otherNumbers: Reception;
  /** At least one. */
  queues: Readonly<Record<string, QueueRules>>;
  /** Skills and languages by agent. */
  skills: Readonly<Record<string, readonly string[]>>;
  /** Offers in a row that ring out before an agent is set to away. */
  unansweredLimit: number;
  /** How long an agent whose connection broke has to come back. */
  comeBackSeconds: number;
  /** How long the place of a caller who was cut off is kept. */
  placeKeptSeconds: number;
  /** BCP 47; the language in which the platform writes down messages. null: it does not. */
  transcripts: string | null;
  /** What agents can have said to a caller, by name. */
  phrases: Readonly<Record<string, string>>;
  /** What a call may come to; empty: any text. */
  outcomes: readonly string[];
  outbound: OutboundRules;
}

/** Which numbers may be dialled. Where nothing is allowed, none. */
export interface OutboundRules {
  /** ISO 3166: every number of the country but premium and shared-cost ones. */
  countries: readonly string[];
  /** E.164 without `+`: every number that begins so, whatever it costs. */
  prefixes: readonly string[];
  /** Never, although the country allows them. A longer allowed prefix wins. */
  except: readonly string[];
}

/** What the callers of a number hear first, and where they go. */
export interface Reception {
  greeting: string;
  /** Queue by key; null: everyone goes to `queue`. */
  menu: { text: string; keys: Readonly<Record<string, string>> } | null;
  queue: string;
}

export interface QueueRules {
  name: string;
  agents: readonly string[];
  /** What an agent needs; given up one by one, the last first, each after `relaxSeconds`. */
  skills: readonly string[];
  relaxSeconds: number;
  /** Added to the seconds that a caller has waited. */
  priority: number;
  ringSeconds: number;
  /** Another agent is rung in addition each so many seconds; null: one by one. */
  addAgentSeconds: number | null;
  wrapUpSeconds: number;
  /** Absolute URL of an MP3 or WAV; null: the built-in one. */
  music: string | null;
  /** How long it plays: a caller is asked what is next when it has ended. */
  musicSeconds: number;
  announce: { position: boolean; wait: boolean; firstAfter: number; every: number };
  longestWait: number;
  /** More callers than this are not let in; null: no limit. */
  mostWaiting: number | null;
  /** Seconds after which callers leave if nobody is signed in. */
  nobodyAfter: number;
  /** What happens to callers who leave the queue without an agent. */
  overflow: 'voicemail' | 'apology' | { queue: string };
  hours: Hours | null;
  voicemail: boolean;
  callback: boolean;
  /** Whether agents may record calls. */
  recording: boolean;
}

/** The rules of a queue; those of the default queue where a changed desk file no longer has it. */
export function queueOf({ queues, otherNumbers }: DeskRules, name: string): QueueRules | undefined {
  return Object.hasOwn(queues, name) ? queues[name] : queues[otherNumbers.queue];
}

/** What callers of a number hear first. @param to the dialled number */
export function receptionOf({ numbers, otherNumbers }: DeskRules, to: string | null): Reception {
  const number = to?.replace(/^\+/, '') ?? '';
  return (Object.hasOwn(numbers, number) ? numbers[number] : undefined) ?? otherNumbers;
}
