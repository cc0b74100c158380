import { type Filter, readFilter, writeFilter } from './filter.ts';

/** What a page's address says: which calls are listed, and which one is open. */
export interface Place {
  filter: Filter;
  callId: string | null;
}

/** @param search the part of an address from `?` on */
export function readPlace(search: string): Place {
  const params = new URLSearchParams(search);
  return { filter: readFilter(params), callId: params.get('call') || null };
}

/** The part of an address from `?` on; empty for the default view. */
export function writePlace({ filter, callId }: Place): string {
  const params = writeFilter(filter, new URLSearchParams());
  if (callId !== null) {
    params.set('call', callId);
  }
  return params.size === 0 ? '' : `?${params}`;
}
