import { createScope } from './scope.ts';

interface WakeOptions {
  window: Window;
  /** The network or the page came back: a good moment to try again. */
  onWake: () => void;
  /** The clock jumped: the machine slept, and whatever was connected is not any more. */
  onSlept: () => void;
}

const TICK_MS = 5_000;

/** Browsers let timers of a hidden page run once a minute only: a jump is clearly more than that. */
const JUMP_MS = 120_000;

/** Watches for the moments after which a dead connection should be tried again. Returns how to stop. */
export function watchWake({ window, onWake, onSlept }: WakeOptions): () => void {
  const scope = createScope();
  let last = Date.now();

  function look(): void {
    const now = Date.now();
    const jumped = now - last > JUMP_MS;
    last = now;
    if (jumped) {
      onSlept();
    }
  }

  scope.every(TICK_MS, look);
  scope.listen(window, 'online', onWake);
  scope.listen(window, 'pageshow', onWake);
  scope.listen(window.document, 'resume', onWake);
  scope.listen(window.document, 'visibilitychange', () => {
    if (window.document.visibilityState === 'visible') {
      look();
      onWake();
    }
  });
  return scope.close;
}
