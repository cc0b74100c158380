import type { Filter } from './filter.ts';
import { EVERYTHING } from './filter.ts';

/** What an address of the inspector says: whose call, and which request, as `?call=CON-…#12`. */
export interface Place {
  filter: Filter;
  activeId: number | null;
}

export function readPlace({ search, hash }: Pick<Location, 'search' | 'hash'>): Place {
  const call = new URLSearchParams(search).get('call');
  const [, id] = /^#(\d{1,15})$/.exec(hash) ?? [];
  return { filter: { ...EVERYTHING, call }, activeId: id === undefined ? null : Number(id) };
}

export function writePlace({ filter, activeId }: Place): string {
  const query = filter.call === null ? '' : `?${new URLSearchParams({ call: filter.call })}`;
  return `./${query}${activeId === null ? '' : `#${activeId}`}`;
}
