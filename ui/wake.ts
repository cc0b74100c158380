import { createScope } from './scope.ts';

interface WakeOptions {
  window: Window;
  /** The network or the page is back: a good time to retry. */
  onWake: () => void;
  /** The clock jumped: the machine slept, and its connections are gone. */
  onSlept: () => void;
}

const TICK_MS = 5_000;

/** Browsers run a hidden page's timers only once a minute; a jump is clearly longer. */
const JUMP_MS = 120_000;

/** Watches for times when a dead connection should be retried. Returns a function that stops this. */
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
