import { sql } from 'kysely';
import { type Columns, columnNames, type Spelling } from './engine.ts';
import type { Schema } from './schema.ts';
import type { StoreTransaction } from './store.ts';

/** Adds rows to a table in one statement. */
export async function insertRows<Row extends object>(
  spelling: Spelling,
  transaction: StoreTransaction,
  table: keyof Schema,
  rows: readonly Row[],
  columns: Columns<Row>,
): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(columnNames(columns).map((name) => sql.ref(name)));
  await sql`insert into ${sql.table(table)} (${names})
    select ${names} from ${spelling.rowsOf(rows, columns)}`.execute(transaction);
}

/** Adds rows to a table in one statement, or replaces those of the same key. */
export async function upsertRows<Row extends object>(
  spelling: Spelling,
  transaction: StoreTransaction,
  table: keyof Schema,
  key: keyof Row & string,
  rows: readonly Row[],
  columns: Columns<Row>,
): Promise<void> {
  if (rows.length === 0) return;
  const all = columnNames(columns);
  const names = sql.join(all.map((name) => sql.ref(name)));
  const values = sql.join(
    all.filter((name) => name !== key).map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`),
  );
  // Without "where", SQLite would parse "on" as a join condition.
  await sql`insert into ${sql.table(table)} (${names})
    select ${names} from ${spelling.rowsOf(rows, columns)} where true
    on conflict (${sql.ref(key)}) do update set ${values}`.execute(transaction);
}
