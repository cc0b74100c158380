import { type ReadonlySignal, signal } from '@preact/signals';
import type { Phase } from './call-state.ts';
import type { PhoneEvent } from './phone.ts';
import type { SoundState } from './sound.ts';

export interface LogEntry {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
  /** What the platform said through the SDK, or what the page made of it, where the text is about that. */
  told?: Told | undefined;
}

type Told = PhoneEvent | Phase | { type: 'rang'; callId: string; sound: SoundState };

/** What happened on this page, for whoever asks later why something did or did not ring. */
export interface EventLog {
  entries: ReadonlySignal<readonly LogEntry[]>;
  add(text: string, told?: Told): void;
  clear(): void;
}

const KEPT = 200;

export function createEventLog(now: () => number = Date.now): EventLog {
  const entries = signal<readonly LogEntry[]>([]);
  return {
    entries,
    add(text, told) {
      entries.value = [...entries.value.slice(1 - KEPT), { at: now(), text: hideTokens(text), told }];
    },
    clear() {
      entries.value = [];
    },
  };
}

/** The SDK's messages can hold the address of its socket, and the token with it. */
function hideTokens(text: string): string {
  return text.replace(/eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '(token)');
}
