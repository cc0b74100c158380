import { effect, type ReadonlySignal } from '@preact/signals';
import { createScope } from '../../ui/scope.ts';

/** `EventSource`, as far as it is used here. */
export type FeedSource = EventTarget & Pick<EventSource, 'close'>;

interface DeskFeedOptions {
  /** `new EventSource(path)`. */
  connect: (path: string) => FeedSource;
  /** URL of the feed; null while there is no feed. */
  path: ReadonlySignal<string | null>;
  /** The data of each message. */
  onMessage: (data: unknown) => void;
  /** From 0 to 1. */
  random: () => number;
}

/** Follows the desk's feed. Each message tells everything, so nothing has to be resumed. */
export interface DeskFeed {
  /** Does not wait for the next try. */
  wake(): void;
  /** Connects again: what was connected may be dead. */
  renew(): void;
  close(): void;
}

/**
 * The server takes a page for gone whose feed does not come back within a second, and a browser on its own
 * waits longer. So the first try follows at once.
 */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 10_000;

export function createDeskFeed({ connect, path, onMessage, random }: DeskFeedOptions): DeskFeed {
  let connection = createScope();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let isWaiting = false;

  function open(): void {
    stop();
    const where = path.peek();
    if (where === null) {
      return;
    }
    const source = connect(where);
    connection = createScope();
    connection.add(() => source.close());
    connection.listen(source, 'desk', (event) => {
      attempt = 0;
      onMessage(event instanceof MessageEvent ? event.data : null);
    });
    connection.listen(source, 'error', () => {
      connection.close();
      isWaiting = true;
      const wait = Math.min(FIRST_RETRY_MS * 4 ** attempt, LONGEST_RETRY_MS);
      timer = setTimeout(open, attempt === 0 ? wait : wait * (0.5 + random() / 2));
      attempt += 1;
    });
  }

  function stop(): void {
    isWaiting = false;
    clearTimeout(timer);
    connection.close();
  }

  const stopFollowing = effect(() => {
    void path.value;
    attempt = 0;
    open();
  });

  return {
    wake() {
      if (isWaiting) {
        open();
      }
    },
    renew() {
      attempt = 0;
      open();
    },
    close() {
      stopFollowing();
      stop();
    },
  };
}
