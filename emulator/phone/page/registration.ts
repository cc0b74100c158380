import { type ReadonlySignal, signal } from '@preact/signals';
import type { Reply } from '../protocol.ts';

/** The registration of this phone's number. */
export interface Registration {
  /** The number on which it rings; null: none; undefined: pending, or the line is down. */
  readonly number: ReadonlySignal<string | null | undefined>;
  /** Requests this number from now on; null: none. */
  want(number: string | null): void;
  lineOpened(): void;
  lineDropped(): void;
}

/**
 * Keeps the phone registered at the emulator, which forgets it after a long disconnection.
 * @param send rejects if the line drops before the emulator replies
 */
export function createRegistration(send: (number: string | null) => Promise<Reply>): Registration {
  const number = signal<string | null | undefined>(undefined);
  let wanted: string | null | undefined;
  let open = false;
  /** Number of requests, to recognise a late reply. */
  let asked = 0;

  async function ask(): Promise<void> {
    if (!open || wanted === undefined) return;
    const asking = wanted;
    asked += 1;
    const mine = asked;
    const reply = await send(asking).catch(() => undefined);
    if (mine !== asked || reply === undefined) return;
    number.value = reply.ok ? asking : null;
    // The previous number is no longer wanted.
    if (!reply.ok) void send(null).catch(() => {});
  }

  return {
    number,
    want(next) {
      if (next === wanted) return;
      wanted = next;
      void ask();
    },
    lineOpened() {
      open = true;
      void ask();
    },
    lineDropped() {
      open = false;
      asked += 1;
      number.value = undefined;
    },
  };
}
