import { createSqliteThread } from './sqlite-thread.ts';

/** Rows after which what was written is moved to the file. */
const ROWS_AT_ONCE = 2_000;

/** Pages of the log of writes from which on it is to begin anew: 16 MiB. */
const LONG_LOG = 4_000;

/** How much of SQLite's log of writes was moved to its file. */
interface Checkpoint {
  /** Pages in the log. */
  log: number;
}

export interface Tidying {
  /** So many rows were written. */
  wrote(rows: number): void;
  close(): Promise<void>;
}

/**
 * Moves what was written from SQLite's log of writes to its file, in a thread of its own: where the one who writes
 * does it, as is usual, events wait meanwhile.
 * @param finish moves what little is left while nobody writes, after which the log begins anew.
 */
export function createTidying(path: string, finish: () => Promise<unknown>): Tidying {
  const thread = createSqliteThread({ path, to: 'tidy' });
  let written = 0;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    written = 0;
    if ((await checkpoint()) < LONG_LOG) return;
    // What was written meanwhile.
    await checkpoint();
    await finish();
  }

  async function checkpoint(): Promise<number> {
    const { rows } = await thread.ask<Checkpoint>({ do: 'checkpoint' });
    return rows[0]?.log ?? 0;
  }

  return {
    wrote(rows) {
      written += rows;
      if (written < ROWS_AT_ONCE) return;
      // Where it fails the store will tell, and whoever writes next does it.
      working ??= work()
        .catch(() => {})
        .finally(() => {
          working = undefined;
        });
    },
    async close() {
      await working;
      await thread.close();
    },
  };
}
