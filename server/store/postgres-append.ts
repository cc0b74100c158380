import type { Transaction } from 'kysely';
import { namesOf } from './columns.ts';
import { takeCounters } from './counters.ts';
import type { Appended, Engine } from './engine.ts';
import { NEW_ENTRY_COLUMNS } from './new-entry-columns.ts';
import type { NewEntryRow, Schema } from './schema.ts';

/** As `Engine.append`, by queries of which each is for all the rows. */
export function appendByQueries(
  { writer, rowsOf }: Pick<Engine, 'writer' | 'rowsOf'>,
  rows: readonly NewEntryRow[],
): Promise<Appended> {
  return writer.transaction().execute(async (transaction) => {
    const { newest_entry_id: previousEntryId } = await takeCounters('postgres', transaction);
    const known = await knownIds(rowsOf, transaction, rows);
    let newest = previousEntryId;
    const fresh: (NewEntryRow & { id: number })[] = [];
    const ids = rows.map((row) => {
      const { deduplication_key: key } = row;
      const id = known.get(key);
      if (id !== undefined) return id;
      newest += 1;
      known.set(key, newest);
      fresh.push({ ...row, id: newest });
      return newest;
    });
    if (fresh.length > 0) {
      const columns = { id: 'integer', ...NEW_ENTRY_COLUMNS } as const;
      const names = namesOf(columns);
      await transaction
        .insertInto('entries')
        .columns(names)
        .expression((given) => given.selectFrom(rowsOf(fresh, columns)).select(names))
        .execute();
      await transaction.updateTable('counters').set({ newest_entry_id: newest }).execute();
    }
    return { previousEntryId, ids };
  });
}

async function knownIds(
  rowsOf: Engine['rowsOf'],
  transaction: Transaction<Schema>,
  rows: readonly NewEntryRow[],
): Promise<Map<string, number>> {
  const wanted = rowsOf(
    rows.map(({ deduplication_key: key }) => ({ key })),
    { key: 'text' },
  );
  const found = await transaction
    .selectFrom(wanted)
    .innerJoin('entries', 'deduplication_key', 'r.key')
    .select(['entries.id', 'deduplication_key'])
    .execute();
  return new Map(found.map(({ id, deduplication_key }) => [deduplication_key, id]));
}
