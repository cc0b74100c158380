import type { CallDetail, CallPage } from '../../domain/api/console-api.ts';
import type { Store } from '../store/store.ts';
import { type CallFilter, callsByStatus, listCalls } from './list-calls.ts';
import { readCall } from './read-call.ts';

/** The calls of the store. Methods reject with StoreUnavailable while the store is down. */
export interface Calls {
  list(filter: CallFilter): Promise<CallPage>;
  /**
   * Finds a call by any current or former id.
   * @param visibleTo the only agent whose calls are visible; undefined: all calls are visible.
   */
  detail(id: string, visibleTo?: string): Promise<CallDetail | undefined>;
  countsByStatus(): Promise<Readonly<Record<string, number>>>;
}

export function createCalls(store: Store): Calls {
  return {
    list: (filter) => listCalls(store, filter),
    detail: (id, visibleTo) => readCall(store, id, visibleTo),
    countsByStatus: () => callsByStatus(store),
  };
}
