import { createScope } from '../../ui/scope.ts';

const TICK_MS = 5_000;

/** The timers of a page that is seen are late by less than this, unless the machine slept (milliseconds). */
const SLEEP_MS = 20_000;

/**
 * Notices that the machine slept while the page was in sight; the timers of a hidden page say nothing about
 * that. Returns how to stop.
 */
export function watchSleep(
  document: Pick<Document, 'visibilityState'>,
  now: () => number,
  onSlept: () => void,
): () => void {
  const scope = createScope();
  let last = now();
  let wasSeen = document.visibilityState === 'visible';

  scope.every(TICK_MS, () => {
    const time = now();
    const isSeen = document.visibilityState === 'visible';
    const slept = wasSeen && isSeen && time - last > SLEEP_MS;
    last = time;
    wasSeen = isSeen;
    if (slept) {
      onSlept();
    }
  });
  return scope.close;
}
