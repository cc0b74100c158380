import type { safeStorage } from '../../ui/safe-storage.ts';

const KEY = 'switchboard.tab';

/**
 * A name for this tab that a reload keeps: the desk then takes the page for the same one. While the page is
 * open nothing is stored, because a tab that is duplicated takes a copy of it along.
 */
export function tabName(storage: ReturnType<typeof safeStorage>, window: Window): string {
  const name = storage.getItem(KEY) ?? crypto.randomUUID();
  storage.removeItem(KEY);
  window.addEventListener('pagehide', () => storage.setItem(KEY, name));
  window.addEventListener('pageshow', () => storage.removeItem(KEY));
  return name;
}

/**
 * Calls a function at an interval, even in a hidden page, where browsers run the page's own timers once a
 * minute when nobody has looked at it for a while, but not those of its workers.
 */
export function everyEvenHidden(ms: number, run: () => void): () => void {
  const worker = new Worker(new URL('./ticks.ts', import.meta.url), { type: 'module' });
  worker.onmessage = run;
  worker.postMessage(ms);
  return () => worker.terminate();
}
