import { effect } from '@preact/signals';
import { createScope } from '../../ui/scope.ts';
import type { LiveConsole } from './live-console.ts';
import { readPlace, writePlace } from './place.ts';
import type { Selection } from './selection.ts';

/** Browsers refuse to change the address more than some times a second, and typing changes it often. */
const RESTS_MS = 200;

interface KeptInAddress {
  calls: Pick<LiveConsole['calls'], 'filter'>;
  openCall: Pick<LiveConsole['openCall'], 'id' | 'open'>;
}

/**
 * Keeps the page's address and what it shows the same, so that a filter and a call can be shared, and Back
 * leaves a call. Returns how to stop.
 */
export function keepAddress(
  window: Window,
  { calls, openCall }: KeptInAddress,
  selection: Pick<Selection, 'leave'>,
): () => void {
  const { history, location } = window;
  const scope = createScope();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function write(): void {
    const callId = openCall.id.peek();
    const search = writePlace({ filter: calls.filter.peek(), callId });
    if (search === location.search) {
      return;
    }
    const url = `${location.pathname}${search}${location.hash}`;
    if (callId !== null && readPlace(location.search).callId === null) {
      history.pushState(null, '', url);
    } else {
      history.replaceState(null, '', url);
    }
  }

  scope.add(
    effect(() => {
      void [calls.filter.value, openCall.id.value];
      clearTimeout(timer);
      timer = setTimeout(write, RESTS_MS);
    }),
  );
  scope.add(() => clearTimeout(timer));
  scope.listen(window, 'popstate', () => {
    const { callId } = readPlace(location.search);
    openCall.open(callId);
    if (callId === null) {
      selection.leave();
    }
  });
  return scope.close;
}
