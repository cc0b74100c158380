import { type ReadonlySignal, signal } from '@preact/signals';

interface LogEntry {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** What happened on this page, for whoever asks later why something did or did not ring. */
export interface EventLog {
  entries: ReadonlySignal<readonly LogEntry[]>;
  add(text: string): void;
  clear(): void;
}

const KEPT = 200;

export function createEventLog(now: () => number = Date.now): EventLog {
  const entries = signal<readonly LogEntry[]>([]);
  return {
    entries,
    add(text) {
      entries.value = [...entries.value.slice(1 - KEPT), { at: now(), text: hideTokens(text) }];
    },
    clear() {
      entries.value = [];
    },
  };
}

/** The log as text for a support request: times in UTC, phone numbers cut down to their last three digits. */
export function supportText(entries: readonly LogEntry[], facts: readonly string[]): string {
  const lines = entries.map((entry) => `${new Date(entry.at).toISOString()} ${entry.text}`);
  return [...facts, ...lines].map(hideNumbers).join('\n');
}

/** A text with its ids (UUIDs) shortened; a reader can still tell them apart. */
export function shortenIds(text: string): string {
  return text.replace(/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '$1…');
}

/** A phone number stands alone: the digits inside an id are no number, nor are those of a date. */
function hideNumbers(text: string): string {
  return text.replace(/(?<![\w.:-])\+?\d(?: ?\d){5,14}(?![\w:-]|\.\d)/g, (number) => `…${number.slice(-3)}`);
}

/** The SDK's messages can hold the address of its socket, and the token with it. */
function hideTokens(text: string): string {
  return text.replace(/eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '(token)');
}
