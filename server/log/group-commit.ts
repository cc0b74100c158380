import { StoreUnavailable } from '../store/store-unavailable.ts';

/** Bounds of what waits, and of what is committed at once. Sizes are in characters. */
export interface GroupLimits {
  batch: { items: number; size: number };
  queue: { items: number; size: number };
  /** Milliseconds that an item may wait for others, where nobody waits for it. */
  patienceMs: number;
  /** From so many items in a group on, so many milliseconds lie between its beginning and that of the next. */
  pace: { items: number; ms: number };
}

export interface GroupCommit<Item, Result> {
  /**
   * Resolves when the item is committed. Rejects with StoreUnavailable where it could not be, at once where
   * too many wait, and otherwise with what `commit` says is wrong with this very item.
   */
  add(item: Item): Promise<Result>;
  /** The same for an item that begins no group by itself for a while: many that share one cost far less. */
  addPatient(item: Item): Promise<Result>;
  /** Takes nothing more; resolves when nothing waits. */
  close(): Promise<void>;
}

interface Waiting<Item, Result> {
  item: Item;
  size: number;
  canWait: boolean;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Commits items in groups: those that come while one group is committed are the next. A group that fails
 * because the store did is tried once more, for a connection may have broken; one that fails because of an
 * item is halved until that item is alone.
 * @param commit gives a result for each item, in their order, or rejects and has done nothing.
 */
export function createGroupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  sizeOf: (item: Item) => number,
  limits: GroupLimits,
): GroupCommit<Item, Result> {
  type Group = Waiting<Item, Result>[];
  const queue: Group = [];
  let size = 0;
  /** How many of the queue cannot wait. */
  let urgent = 0;
  let working: Promise<void> | undefined;
  let patience: NodeJS.Timeout | undefined;
  let closed = false;

  function begin(): void {
    clearTimeout(patience);
    patience = undefined;
    working ??= work();
  }

  async function work(): Promise<void> {
    // Whatever else comes in this turn of the event loop belongs to the first group.
    await new Promise(setImmediate);
    do {
      const began = performance.now();
      const group = take();
      await settle(group);
      if (group.length >= limits.pace.items) await othersCome(began + limits.pace.ms);
    } while (urgent > 0 || queue.length >= limits.batch.items || (closed && queue.length > 0));
    working = undefined;
    if (queue.length > 0) wait();
  }

  /** Where items come one after the other, a group for each few of them costs more than all else about them. */
  async function othersCome(until: number): Promise<void> {
    const left = until - performance.now();
    if (left <= 0 || closed || queue.length >= limits.batch.items) return;
    await new Promise((resolve) => setTimeout(resolve, left));
  }

  function wait(): void {
    if (working === undefined) patience ??= setTimeout(begin, limits.patienceMs);
  }

  function take(): Group {
    let items = 0;
    let taken = 0;
    for (const each of queue) {
      if (items > 0 && (items === limits.batch.items || taken + each.size > limits.batch.size)) break;
      items += 1;
      taken += each.size;
      if (!each.canWait) urgent -= 1;
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

  function enqueue(item: Item, canWait: boolean): Promise<Result> {
    const itemSize = sizeOf(item);
    if (closed) return Promise.reject(new StoreUnavailable('The store is closed.'));
    if (queue.length >= limits.queue.items || size + itemSize > limits.queue.size) {
      return Promise.reject(new StoreUnavailable('Too much waits for the store.'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    queue.push({ item, size: itemSize, canWait, resolve: (result: Result) => resolve(result), reject });
    size += itemSize;
    if (!canWait) urgent += 1;
    if (canWait && queue.length < limits.batch.items) wait();
    else begin();
    return promise;
  }

  return {
    add: (item) => enqueue(item, false),
    addPatient: (item) => enqueue(item, true),
    async close() {
      closed = true;
      if (queue.length > 0) begin();
      await working;
    },
  };
}
