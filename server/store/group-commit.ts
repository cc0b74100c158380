import { StoreUnavailable } from './store-unavailable.ts';

/** Limits of the queue and of one commit. Sizes are in characters. */
export interface GroupLimits {
  batch: { items: number; size: number };
  queue: { items: number; size: number };
}

interface GroupCommit<Item, Result> {
  /**
   * Resolves when the item is committed. Rejects with StoreUnavailable if the store is down or the queue is
   * full, and with the error of `commit` if the item itself is invalid.
   */
  add(item: Item): Promise<Result>;
  /** Accepts no more items; resolves when the queue is empty. */
  close(): Promise<void>;
}

interface Waiting<Item, Result> {
  item: Item;
  size: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Commits items in groups: items that arrive during a commit form the next group. A group is retried once if
 * the store fails, because a connection may have broken. If an item is invalid, its group is halved until
 * that item is alone.
 * @param commit returns a result for each item, in order, or rejects without any effect.
 */
export function createGroupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  sizeOf: (item: Item) => number,
  limits: GroupLimits,
): GroupCommit<Item, Result> {
  type Group = Waiting<Item, Result>[];
  const queue: Group = [];
  let size = 0;
  let working: Promise<void> | undefined;
  let closed = false;

  async function work(): Promise<void> {
    // Items added in this turn of the event loop belong to the first group.
    await new Promise(setImmediate);
    while (queue.length > 0) await settle(take());
    working = undefined;
  }

  function take(): Group {
    let items = 0;
    let taken = 0;
    for (const each of queue) {
      if (items > 0 && (items === limits.batch.items || taken + each.size > limits.batch.size)) break;
      items += 1;
      taken += each.size;
    }
    size -= taken;
    return queue.splice(0, items);
  }

  async function settle(group: Group): Promise<void> {
    const items = group.map(({ item }) => item);
    try {
      const results = await commit(items).catch((error: unknown) => {
        if (error instanceof StoreUnavailable) return commit(items);
        throw error;
      });
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      if (group.length === 1 || error instanceof StoreUnavailable) {
        for (const each of group) each.reject(error);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await settle(group.slice(0, half));
      await settle(group.slice(half));
    }
  }

  return {
    add(item) {
      const itemSize = sizeOf(item);
      if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
      if (queue.length >= limits.queue.items || size + itemSize > limits.queue.size) {
        return Promise.reject(new StoreUnavailable('Too much waits for the store.'));
      }
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      queue.push({ item, size: itemSize, resolve, reject });
      size += itemSize;
      working ??= work();
      return promise;
    },
    async close() {
      closed = true;
      await working;
    },
  };
}
