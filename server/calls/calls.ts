import type { CallDetail, CallPage } from '../../domain/api/console-api.ts';
import { logMigrations } from '../log/migrations.ts';
import type { Tables } from '../store/migrate.ts';
import type { Store } from '../store/store.ts';
import { type CallFilter, callsByStatus, listCalls } from './list-calls.ts';
import { readCall } from './read-call.ts';
import { assignLeftOver } from './rebuild.ts';

/** The tables of the log and of the calls that it tells of. */
export const tables: Tables = { migrations: logMigrations, settle: assignLeftOver };

/** The calls as they are now. What cannot be read now rejects with StoreUnavailable. */
export interface Calls {
  list(filter: CallFilter): Promise<CallPage>;
  /** By any id by which the call is, or was, known. */
  detail(id: string): Promise<CallDetail | undefined>;
  countsByStatus(): Promise<Readonly<Record<string, number>>>;
}

export function createCalls(store: Store): Calls {
  return {
    list: (filter) => listCalls(store, filter),
    detail: (id) => readCall(store, id),
    countsByStatus: () => callsByStatus(store),
  };
}
