import { type ReadonlySignal, signal } from '@preact/signals';
import type { Reply } from '../protocol.ts';

/** Under which number this phone can be called. */
export interface Registration {
  /** For calls to which number it rings; null: for none; undefined: it is being asked, or the line is down. */
  readonly number: ReadonlySignal<string | null | undefined>;
  /** From now on it is to ring for this number; null: for none. */
  want(number: string | null): void;
  lineOpened(): void;
  lineDropped(): void;
}

/**
 * Keeps the phone registered at the emulator, which forgets it when the line is away for long.
 * @param send rejects when the line drops before the emulator replies.
 */
export function createRegistration(send: (number: string | null) => Promise<Reply>): Registration {
  const number = signal<string | null | undefined>(undefined);
  let wanted: string | null | undefined;
  let open = false;
  /** Counts what was sent, so that a late reply is known as such. */
  let asked = 0;

  async function ask(): Promise<void> {
    if (!open || wanted === undefined) return;
    const asking = wanted;
    asked += 1;
    const mine = asked;
    const reply = await send(asking).catch(() => undefined);
    if (mine !== asked || reply === undefined) return;
    number.value = reply.ok ? asking : null;
    // What it rang for before is wanted no longer.
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
