import { type Columns, namesOf, valuesIn } from './columns.ts';
import type { NewEntryRow } from './schema.ts';

/** The columns of an entry that is to be added to the log. */
export const NEW_ENTRY_COLUMNS = {
  leg_uuid: 'text',
  by_leg: 'integer',
  received_at: 'integer',
  took: 'real',
  type: 'text',
  method: 'text',
  request_id: 'text',
  replayed: 'integer',
  deduplication_key: 'text',
  body: 'text',
} as const satisfies Columns<NewEntryRow>;

export const NEW_ENTRY_NAMES = namesOf(NEW_ENTRY_COLUMNS);

/** What an entry has in each of them, in their order. */
export type NewEntryValues = readonly (string | number | null)[];

export function valuesOf(row: NewEntryRow): NewEntryValues {
  return valuesIn(row, NEW_ENTRY_NAMES);
}
