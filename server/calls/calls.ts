import type { CallDetail, CallPage } from '../../domain/api/console-api.ts';
import type { Store } from '../store/store.ts';
import { type CallFilter, callsByStatus, listCalls } from './list-calls.ts';
import { readCall } from './read-call.ts';

/** The calls as they are now. What cannot be read now rejects with StoreUnavailable. */
export interface Calls {
  list(filter: CallFilter): Promise<CallPage>;
  /**
   * By any id by which the call is, or was, known.
   * @param visibleTo the agent whose calls alone may be seen; undefined: all calls.
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
