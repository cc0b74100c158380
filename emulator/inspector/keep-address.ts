import { effect, type Signal } from '@preact/signals';
import { writePlace } from './address.ts';
import type { Inspector } from './inspector.ts';

/** What of a window and its history is needed. */
export interface Browsing {
  readonly history: Pick<History, 'state' | 'pushState' | 'replaceState' | 'back'>;
  addEventListener(type: 'popstate', listener: () => void): void;
}

/** What the browser's history remembers of an entry of its own for the request that is read. */
const READING = 'reading';

/** Whether the page shows a request instead of the list, as far as the history remembers. */
export function wasReading(history: Pick<History, 'state'>): boolean {
  return history.state === READING;
}

/**
 * Keeps the address of the page that of what it shows. Where a request takes the place of the list, the browser's
 * way back leads to the list.
 * @param isNarrow whether there is no room for both
 */
export function keepAddress(
  { filter, activeId }: Pick<Inspector, 'filter' | 'activeId'>,
  isReading: Signal<boolean>,
  view: Browsing,
  isNarrow: () => boolean,
): void {
  const { history } = view;
  const write = () => {
    const address = writePlace({ filter: filter.value, activeId: activeId.value });
    history.replaceState(history.state, '', address);
  };
  /** The browser goes back some time after it is told to. */
  let isLeaving = false;
  effect(() => {
    if (!isReading.value) {
      if (!wasReading(history)) return;
      isLeaving = true;
      history.back();
    } else if (!wasReading(history) && isNarrow()) history.pushState(READING, '');
  });
  effect(write);
  view.addEventListener('popstate', () => {
    if (!isLeaving) isReading.value = wasReading(history);
    else if (isReading.peek()) history.pushState(READING, '');
    isLeaving = false;
    write();
  });
}
