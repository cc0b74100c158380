import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { createWorker } from '../worker.ts';
import { receiverOf } from './queue.ts';
import { signatureHeaders } from './sign.ts';
import { type ClaimedHook, claimHooks, type HookEnd, pruneHooks, settleHook } from './work.ts';

interface SenderOptions {
  store: Store;
  clock: Clock;
  urls: readonly string[];
  secrets: readonly string[];
  note: (line: string) => void;
  warning: (line: string) => void;
  /** From 0 to 1, for the length of pauses. */
  random: () => number;
  /** Most hooks that are kept, for all receivers together. */
  most?: number;
  /** Milliseconds for an answer. */
  timeLimit?: number;
}

/** Sends the hooks that are queued, and tells how that goes. */
export interface HookSender {
  /** What the transactions need to queue hooks for: see `queueHooks`. */
  readonly receivers: readonly string[];
  /** Something was queued. */
  wake(): void;
  /** Calls the listener with each attempt, and with each number of hooks that were dropped. */
  onAttempt(listener: (result: AttemptResult, count: number) => void): void;
  /** Hooks that are still to be sent, and seconds since the oldest was queued. */
  backlog(): Promise<{ count: number; age: number }>;
  /** Sends nothing more; resolves when requests under way are over. */
  close(): Promise<void>;
}

export type AttemptResult = 'delivered' | 'failed' | 'unreachable' | 'stopped' | 'dropped';

/** Milliseconds between two looks for hooks that another server queued, or left undone. */
const LOOK_MS = 2_000;
/** Milliseconds between two looks for hooks that are to be dropped. */
const PRUNE_MS = 60_000;
/** Milliseconds until a hook is sent again that was refused, by attempt; the last one for all others. */
const RETRY_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000, 3 * 3_600_000] as const;
/** Longest pause in milliseconds after a receiver could not be reached; the first one is two seconds. */
const LONGEST_PAUSE_MS = 600_000;
/** Longest pause in milliseconds that a receiver can ask for. */
const LONGEST_WISH_MS = 3_600_000;

/** Statuses that say nothing about the hook: no other one would be taken either. */
const OVERLOADED: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export function createHookSender(options: SenderOptions): HookSender {
  const { store, clock, secrets, note, warning, random, most = 100_000, timeLimit = 5_000 } = options;
  const urls = new Map(options.urls.map((url) => [receiverOf(url), url]));
  const receivers = [...urls.keys()];
  const stop = new AbortController();
  const listeners = new Set<(result: AttemptResult, count: number) => void>();
  /** Receivers that were said not to take hooks. */
  const failing = new Set<string>();
  let cancelPruning: (() => void) | undefined;
  const worker = createWorker<ClaimedHook>({
    clock,
    lookMs: LOOK_MS,
    isShared: store.engine.name === 'postgres',
    claim: () => store.perform(claimHooks, { receivers, now: clock.now() }),
    carryOut,
  });

  function wake(): void {
    if (receivers.length > 0) worker.wake();
  }

  async function carryOut(hook: ClaimedHook): Promise<void> {
    const { id, message, receiver } = hook;
    const { end, reason } = await send(hook);
    tell(end.is, 1);
    const settled = { id, message, receiver, end };
    const { dropped } = await store.perform(settleHook, { settled, now: clock.now() });
    report(hook, end, reason, dropped);
    wake();
  }

  async function send(hook: ClaimedHook): Promise<{ end: HookEnd; reason: string }> {
    const { receiver, message, body } = hook;
    const url = urls.get(receiver) ?? '';
    const unreachable = (reason: string, wish = 0) => {
      const pause = Math.min(LONGEST_PAUSE_MS, 2_000 * 2 ** Math.min(hook.failures, 20));
      const until = clock.now() + Math.max(spread(pause), Math.min(wish, LONGEST_WISH_MS));
      return { end: { is: 'unreachable', until } as const, reason };
    };
    const tooLate = AbortSignal.timeout(timeLimit);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Switchboard',
          ...signatureHeaders(secrets, message, clock.now(), body),
        },
        body,
        // A redirect could lead the signed body anywhere.
        redirect: 'manual',
        signal: AbortSignal.any([tooLate, stop.signal]),
      });
      // Nothing is read of the answer.
      await response.body?.cancel();
      const { status } = response;
      const reason = `it answered with status ${status}`;
      if (response.ok) return { end: { is: 'delivered' }, reason };
      if (status === 410) return { end: { is: 'stopped' }, reason };
      if (OVERLOADED.has(status)) return unreachable(reason, wishIn(response));
      const ms = RETRY_MS[Math.min(hook.attempt, RETRY_MS.length) - 1] ?? LONGEST_WISH_MS;
      return { end: { is: 'failed', until: clock.now() + spread(ms) }, reason };
    } catch {
      return unreachable(
        tooLate.aborted ? `it took longer than ${timeLimit / 1000} s` : 'it could not be reached',
      );
    }
  }

  /** Receivers that failed together are not all asked again at the same moment. */
  function spread(ms: number): number {
    return Math.round(ms * (0.75 + random() / 2));
  }

  function report(hook: ClaimedHook, end: HookEnd, reason: string, dropped: number): void {
    const { receiver, type } = hook;
    const place = placeOf(urls.get(receiver));
    if (end.is === 'stopped') {
      warning(
        `${place} wants no more hooks (status 410), and gets none until "npm run hooks -- resume".${dropped > 1 ? ` ${dropped} were waiting, and are dropped.` : ''}`,
      );
      tell('dropped', dropped);
    } else if (end.is === 'delivered') {
      if (failing.delete(receiver)) note(`${place} takes hooks again.`);
    } else if (!failing.has(receiver) && !stop.signal.aborted) {
      failing.add(receiver);
      warning(`${place} did not take the hook ${type}: ${reason}. Hooks are kept and sent again for 3 days.`);
    }
  }

  function tell(result: AttemptResult, count: number): void {
    if (count > 0) for (const listener of listeners) listener(result, count);
  }

  async function prune(): Promise<void> {
    try {
      const { old, tooMany } = await store.perform(pruneHooks, { now: clock.now(), most });
      if (old > 0) warning(`${old} hooks were not taken for 3 days, and are dropped.`);
      if (tooMany > 0) warning(`More than ${most} hooks are waiting: the oldest ${tooMany} are dropped.`);
      tell('dropped', old + tooMany);
    } catch {
      // The store logs its own failure.
    }
  }

  function pruneLater(): void {
    if (stop.signal.aborted || receivers.length === 0) return;
    cancelPruning = clock.after(PRUNE_MS, () => void clock.during(prune()).finally(pruneLater));
  }

  const pruning = clock.during(prune()).finally(pruneLater);
  wake();

  return {
    receivers,
    wake,
    onAttempt: (listener) => void listeners.add(listener),
    async backlog() {
      const row = await store.read((db) =>
        db
          .selectFrom('hooks')
          .select(({ fn }) => [fn.countAll().as('count'), fn.min('queued_at').as('oldest')])
          .executeTakeFirstOrThrow(),
      );
      const oldest = row.oldest === null ? clock.now() : Number(row.oldest);
      return { count: Number(row.count), age: Math.max(0, clock.now() - oldest) / 1000 };
    },
    async close() {
      stop.abort();
      cancelPruning?.();
      await Promise.all([pruning, worker.close()]);
    },
  };
}

/** Milliseconds that an answer asks to be left alone for, in `Retry-After`. */
function wishIn({ headers }: Response): number {
  const seconds = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : 0;
}

/** A receiver as it is named in the log: its path may contain a secret. */
function placeOf(url: string | undefined): string {
  return URL.parse(url ?? '')?.origin ?? 'A receiver';
}
