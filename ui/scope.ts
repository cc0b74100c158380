/** Owns listeners, timers and subscriptions, and ends them together. */
interface Scope {
  /** Runs `end` when the scope is closed. */
  add(end: () => void): void;
  listen(target: EventTarget, type: string, handler: (event: Event) => void): void;
  /** @param ms milliseconds between two runs */
  every(ms: number, run: () => void): void;
  close(): void;
}

export function createScope(): Scope {
  const ends: (() => void)[] = [];
  return {
    add: (end) => {
      ends.push(end);
    },
    listen(target, type, handler) {
      target.addEventListener(type, handler);
      ends.push(() => target.removeEventListener(type, handler));
    },
    every(ms, run) {
      const timer = setInterval(run, ms);
      ends.push(() => clearInterval(timer));
    },
    close() {
      for (const end of ends.splice(0).reverse()) {
        end();
      }
    },
  };
}
