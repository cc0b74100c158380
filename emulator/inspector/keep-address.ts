import { effect, type Signal } from '@preact/signals';
import { readPlace, writePlace } from './address.ts';
import type { Inspector } from './inspector.ts';

/** What of a window and its history is needed. */
export interface Browsing {
  readonly history: Pick<History, 'state' | 'pushState' | 'replaceState' | 'back'>;
  readonly location: Pick<Location, 'search' | 'hash'>;
  addEventListener(type: 'popstate', listener: () => void): void;
}

/** What the browser's history remembers of its entries: that of the request that is read, and that of the list. */
const READING = 'reading';
const LIST = 'list';

/** Whether the page shows a request instead of the list, as far as the history remembers. */
export function wasReading(history: Pick<History, 'state'>): boolean {
  return history.state === READING;
}

/**
 * Keeps the address of the page that of what it shows. Where a request takes the place of the list, the browser's
 * way back leads to the list. Who enters another number into the address gets that request.
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
    history.replaceState(history.state ?? LIST, '', address);
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
    if (history.state === null) {
      activeId.value = readPlace(view.location).activeId;
      isReading.value = false;
      isReading.value = activeId.value !== null;
    } else if (!isLeaving) isReading.value = wasReading(history);
    else if (isReading.peek()) history.pushState(READING, '');
    isLeaving = false;
    write();
  });
}
