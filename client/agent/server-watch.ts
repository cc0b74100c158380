import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether the server of this page answers; `unsure` after one try that failed. */
export type ServerHealth = 'up' | 'unsure' | 'down';

/** Polls the server: a page whose server is gone must not look ready. */
interface ServerWatch {
  health: ReadonlySignal<ServerHealth>;
  /** Starts over, with a server that has just answered. */
  start(): void;
  /** Asks now; does nothing while the watch is stopped. */
  look(): void;
  stop(): void;
}

interface ServerWatchOptions {
  /** Asks the server something; rejects when it does not answer. */
  ask: () => Promise<void>;
}

const EVERY_MS = 5_000;
const EVERY_MS_IN_TROUBLE = 1_000;

/** An answer that takes longer counts as none (milliseconds). */
const PATIENCE_MS = 4_000;

export function createServerWatch({ ask }: ServerWatchOptions): ServerWatch {
  const health = signal<ServerHealth>('up');
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What an earlier question comes to means nothing once another one was asked.
  let newest = 0;
  let running = false;

  async function look(): Promise<void> {
    if (!running) {
      return;
    }
    clearTimeout(timer);
    newest += 1;
    const mine = newest;
    const isUp = await answersInTime();
    if (mine !== newest || !running) {
      return;
    }
    health.value = isUp ? 'up' : health.peek() === 'up' ? 'unsure' : 'down';
    timer = setTimeout(() => void look(), isUp ? EVERY_MS : EVERY_MS_IN_TROUBLE);
  }

  async function answersInTime(): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const patience = setTimeout(() => resolve(false), PATIENCE_MS);
    const answered = ask().then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(patience);
    }
  }

  return {
    health,
    start() {
      running = true;
      health.value = 'up';
      clearTimeout(timer);
      timer = setTimeout(() => void look(), EVERY_MS);
    },
    look: () => void look(),
    stop() {
      running = false;
      newest += 1;
      clearTimeout(timer);
    },
  };
}
