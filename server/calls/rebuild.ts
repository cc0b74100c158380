import type { Store } from '../store/store.ts';
import { projectAnew } from './projection.ts';

/** Calls that are made anew in one transaction; events are stored between two. */
const AT_ONCE = 50;

/**
 * Makes all calls anew from their entries, while servers go on. Holds few calls in memory at a time.
 * @param onProgress hears how many are done.
 * @returns how many there are. Rejects with StoreUnavailable; what was done until then is kept.
 */
export async function rebuildCalls(store: Store, onProgress: (done: number) => void): Promise<number> {
  let done = 0;
  let last: number | undefined = 0;
  while (last !== undefined) {
    const after: number = last;
    last = await store.write(async (transaction, { calls_version }) => {
      await transaction
        .updateTable('counters')
        .set({ calls_version: calls_version + 1 })
        .execute();
      const rows = await transaction
        .selectFrom('calls')
        .select('number')
        .where('number', '>', after)
        .orderBy('number')
        .limit(AT_ONCE)
        .execute();
      const numbers = rows.map(({ number }) => number);
      done += (await projectAnew(store.engine, transaction, numbers)).length;
      return numbers.at(-1);
    });
    onProgress(done);
  }
  return done;
}
