import type { SqliteConnection } from './sqlite-connection.ts';

/** Rows after which what was written is moved to the file. */
const ROWS_AT_ONCE = 3_000;

/** Pages of the log of writes from which on it is to begin anew: 32 MiB. */
const LONG_LOG = 8_000;

/** How much of SQLite's log of writes was moved to its file. */
interface Checkpoint {
  /** Pages in the log. */
  log: number;
}

export interface Tidying {
  /** So many rows were written. Moves them to the file where it is time. */
  wrote(rows: number): Promise<void>;
}

/**
 * Moves what was written from SQLite's log of writes to its file, while events are stored: where the one who stores
 * them does it, as is usual, they wait meanwhile.
 * @param connection of its own.
 * @param writing moves what little is left while nobody writes, after which the log begins anew.
 */
export function createTidying(connection: SqliteConnection, writing: SqliteConnection): Tidying {
  let written = 0;

  async function checkpoint(by = connection): Promise<number> {
    const { rows } = await by.ask<Checkpoint>({ do: 'checkpoint' });
    return rows[0]?.log ?? 0;
  }

  return {
    async wrote(rows) {
      written += rows;
      if (written < ROWS_AT_ONCE) return;
      written = 0;
      try {
        if ((await checkpoint()) < LONG_LOG) return;
        // What was written meanwhile.
        await checkpoint();
        await checkpoint(writing);
      } catch {
        // The store will tell.
      }
    },
  };
}
