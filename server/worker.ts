import type { Clock } from './clock.ts';

interface WorkerOptions<Work> {
  clock: Clock;
  /** Milliseconds between two looks at a queue that others fill, too, and after a failure. */
  lookMs: number;
  /** Whether other servers queue work, or leave some undone. */
  isShared: boolean;
  /** Takes what is due, and tells when to ask again. Rejects if the store is down, which logs that itself. */
  claim(): Promise<{ claimed: readonly Work[]; again: number | null | undefined }>;
  /** If it rejects, the work is claimed again when its lease has ended. */
  carryOut(work: Work): Promise<void>;
}

/** Carries out what is queued in the store: at once when it is woken, and whenever something is due. */
export interface Worker {
  /** Something was queued. */
  wake(): void;
  /** Looks at a time in milliseconds since 1970, unless it looks earlier. */
  wakeAt(time: number): void;
  /** Claims nothing more; resolves when what is under way is over. */
  close(): Promise<void>;
}

export function createWorker<Work>({
  clock,
  lookMs,
  isShared,
  claim,
  carryOut,
}: WorkerOptions<Work>): Worker {
  const underWay = new Set<Promise<void>>();
  let cancelTimer: (() => void) | undefined;
  let wakesAt = Infinity;
  let claiming: Promise<void> | undefined;
  let awoken = false;
  let closed = false;

  function wake(): void {
    awoken = true;
    if (closed) return;
    claiming ??= clock.during(claimAll()).finally(() => {
      claiming = undefined;
      if (awoken) wake();
    });
  }

  /** An earlier time stays: works that are under way together each name one. */
  function wakeAt(time: number): void {
    if (closed || time >= wakesAt) return;
    cancelTimer?.();
    wakesAt = time;
    cancelTimer = clock.after(Math.max(1, Math.ceil(time - clock.now())), () => {
      wakesAt = Infinity;
      wake();
    });
  }

  async function claimAll(): Promise<void> {
    awoken = false;
    try {
      const { claimed, again } = await claim();
      for (const work of claimed) start(work);
      wakeAt(Math.min(again ?? Infinity, isShared ? clock.now() + lookMs : Infinity));
    } catch {
      wakeAt(clock.now() + lookMs);
    }
  }

  function start(work: Work): void {
    const done = clock
      .during(carryOut(work))
      .catch(() => wakeAt(clock.now() + lookMs))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  return {
    wake,
    wakeAt,
    async close() {
      closed = true;
      cancelTimer?.();
      await claiming;
      await Promise.all(underWay);
    },
  };
}
