import type { Platform } from '../../emulator/platform.ts';
import type { SeenCall } from './verdict.ts';

/** Seconds that callers wait for an agent, and talk at most. */
const PATIENCE = [15, 120] as const;
const LONGEST_TALK = [5, 40] as const;
/** One in this many callers hangs up at once. */
const HASTY = 20;
/** Milliseconds after which a server answers without the store. */
const STORE_MS = 500;

/** Callers, one after the other. */
export interface Callers {
  readonly seen: readonly SeenCall[];
  counts(): { begun: number; live: number; talked: number; gaveUp: number };
  /** Somebody calls. */
  call(): void;
  /** All who are still in a call hang up. */
  hangUp(): void;
}

export function createCallers({ call: dial, world, onWebhook }: Platform): Callers {
  const calls = new Map<string, SeenCall>();
  const live = new Set<() => void>();
  const between = ([least, most]: readonly [number, number]) => least + world.random() * (most - least);
  let talked = 0;
  let gaveUp = 0;

  onWebhook(({ kind, payload: { uuid }, outcome }) => {
    if (kind !== 'answer' && kind !== 'input') return;
    const began = performance.now();
    void outcome.then(({ ok }) => {
      const call = calls.get(String(uuid));
      if (call === undefined) return;
      if (ok) call.isTaken = true;
      if (performance.now() - began >= STORE_MS) call.isGuessed = true;
    });
  });

  return {
    get seen() {
      return [...calls.values()];
    },
    counts: () => ({ begun: calls.size, live: live.size, talked, gaveUp }),
    call() {
      const caller = dial({ from: `4477009${String(calls.size % 100_000).padStart(5, '0')}` });
      const call: SeenCall = {
        leg: caller.leg.uuid,
        isTaken: false,
        isGuessed: false,
        talked: false,
        overAt: null,
      };
      calls.set(call.leg, call);
      const { hangUp } = caller;
      live.add(hangUp);
      const isHasty = world.random() < 1 / HASTY;
      const cancel = world.after(1000 * (isHasty ? between([1, 4]) : between(PATIENCE)), hangUp);
      const talks = () => {
        cancel();
        talked += 1;
        call.talked = true;
        void caller.over.then(world.after(1000 * between(LONGEST_TALK), hangUp));
      };
      void caller.until('connected').then(talks, () => {
        gaveUp += 1;
      });
      void caller.over.then(() => {
        cancel();
        call.overAt = Date.now();
        live.delete(hangUp);
      });
    },
    hangUp() {
      for (const each of [...live]) each();
    },
  };
}
