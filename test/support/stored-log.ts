import { type Calls, createCalls } from '../../server/calls/calls.ts';
import { createLog, type Log } from '../../server/log/log.ts';
import { openStore, type Store, type StoreOptions } from '../../server/store/store.ts';
import { tables } from '../../server/tables.ts';

/** A log with its calls and its store, as in a server. */
export interface StoredLog {
  store: Store;
  log: Log;
  calls: Calls;
  close(): Promise<void>;
}

/** Opens the log in a folder or a database. */
export async function openStoredLog(
  place: Omit<StoreOptions, 'tables' | 'log'> & Partial<StoreOptions>,
): Promise<StoredLog> {
  const store = await openStore({ tables, log: () => {}, ...place });
  const log = await createLog(store);
  return {
    store,
    log,
    calls: createCalls(store),
    async close() {
      await log.close();
      await store.close();
    },
  };
}
