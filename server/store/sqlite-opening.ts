import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface SqlitePlace {
  path: string;
  /** Who tidies moves what was written from the log of writes to the file itself, while others write. */
  to: 'read' | 'write' | 'tidy';
}

/** Milliseconds that others may hold the file before it is given up. */
export const PATIENCE_MS = 4_000;

// Result codes of SQLite, which does not notice some things itself.
export const BUSY = 5; // SQLITE_BUSY
export const IO_ERROR = 10; // SQLITE_IOERR
export const CANNOT_OPEN = 14; // SQLITE_CANTOPEN
export const FILE_MOVED = 1032; // SQLITE_READONLY_DBMOVED

/** What SQLite would have complained of, had it noticed. */
export class Fault extends Error {
  readonly errcode: number;
  constructor(message: string, errcode: number) {
    super(message);
    this.errcode = errcode;
  }
}

/** Opens a file for what is to be done with it. Throws what SQLite or the disk complains of. */
export function openSqliteFile({ path, to }: SqlitePlace): DatabaseSync {
  return { read: openToRead, write: openToWrite, tidy: openToTidy }[to](path);
}

/** Fails where there is no file: who writes makes it. */
function openToRead(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: PATIENCE_MS });
}

function openToTidy(path: string): DatabaseSync {
  if (inodeOf(path) === undefined) throw new Fault('there is no file', CANNOT_OPEN);
  // Whoever writes would wait too.
  return new DatabaseSync(path, { timeout: 0 });
}

function openToWrite(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite would let everybody read it; its side files take the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  try {
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec('pragma cache_size = -16384'); // KiB
    // Only where nobody tidies in time: pages, 64 MiB.
    database.exec('pragma wal_autocheckpoint = 16384');
    database.exec('pragma journal_size_limit = 67108864'); // bytes
    // Who waits to write waits in its own way.
    database.exec('pragma busy_timeout = 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Tells one file from another that took its place; undefined where there is none. */
export function inodeOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
