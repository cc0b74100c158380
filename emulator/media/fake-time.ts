import type { Time } from './clock.ts';

/** Time that passes when a test says so. */
export interface FakeTime extends Time {
  /** Lets time pass; timers fire when they are due. */
  pass(ms: number): void;
  /** Lets time pass at once, as for a process that was busy: timers fire late, at its end. */
  stall(ms: number): void;
  readonly timers: number;
}

export function createFakeTime(): FakeTime {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();

  function next(until: number) {
    return [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  }

  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const end = now + ms;
      for (let timer = next(end); timer; timer = next(end)) {
        timers.delete(timer);
        now = timer.at;
        timer.fn();
      }
      now = end;
    },
    stall(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.fn();
      }
    },
    get timers() {
      return timers.size;
    },
  };
}
