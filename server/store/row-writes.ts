import { type Columns, type ColumnType, namesOf, valuesIn } from './columns.ts';
import type { Schema } from './schema.ts';

/** How rows are written to a table. */
export interface RowTarget<Row> {
  table: keyof Schema;
  columns: Columns<Row>;
  /** What is there already under the same key is changed. */
  key: keyof Row & string;
  /** Whether what is not there is made. */
  create: boolean;
}

/** Rows that are to be written, as one database or the other takes them. */
export interface RowWrites {
  columns: Readonly<Record<string, ColumnType>>;
  /** A statement for one row, and for each row from one to before another its parameters. */
  oneByOne(from?: number, to?: number): { sql: string; rows: unknown[][] };
  /**
   * A statement for all rows, and these as JSON.
   * @param source a table expression that has them, named `r`.
   */
  atOnce(source: string): { sql: string; json: string };
  size: number;
}

export function rowWrites<Row>(target: RowTarget<Row>, rows: readonly Row[]): RowWrites {
  const { table, columns, key, create } = target;
  const names = namesOf(columns);
  const others = names.filter((name) => name !== key);
  const onConflict = () =>
    `on conflict (${key}) do update set ${others.map((name) => `${name} = excluded.${name}`).join()}`;

  return {
    columns,
    size: rows.length,
    oneByOne(from, to) {
      const order = create ? names : [...others, key];
      const sql = create
        ? `insert into ${table} (${names.join()}) values (${names.map(() => '?').join()}) ${onConflict()}`
        : `update ${table} set ${others.map((name) => `${name} = ?`).join()} where ${key} = ?`;
      return { sql, rows: rows.slice(from, to).map((row) => valuesIn(row, order)) };
    },
    atOnce(source) {
      const changes = others.map((name) => `${name} = r.${name}`).join();
      const sql = create
        ? `insert into ${table} (${names.join()}) select ${names.join()} from ${source} ${onConflict()}`
        : `update ${table} set ${changes} from ${source} where ${table}.${key} = r.${key}`;
      return { sql, json: JSON.stringify(rows) };
    },
  };
}
