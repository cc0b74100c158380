import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable, pipeline as whenPiped } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';

/**
 * A backup is a gzip file with one JSON value a line: a header, then each table with its rows as arrays, then each
 * file with its content in base64, and how many there were at the end.
 */

const header = z.object({
  format: z.literal('switchboard-backup'),
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Of the tables, by name. */
  migrations: z.array(z.string()),
});

const item = z.union([
  z.array(z.union([z.string(), z.number(), z.null()])).readonly(),
  z.object({ table: z.string(), columns: z.array(z.string()) }),
  /** Path below DATA_DIR. */
  z.object({ file: z.string().regex(/^(access-codes\.json|voicemails\/[\w-]+\.wav)$/) }),
  z.object({ base64: z.base64() }),
]);

const end = z.object({ tables: z.int(), rows: z.int(), files: z.int() });

export type BackupHeader = z.infer<typeof header>;
export type BackupItem = z.infer<typeof item>;

/** What a backup contains. */
export type BackupCounts = z.infer<typeof end>;

function countsOf(): { add(each: BackupItem): void; counts: BackupCounts } {
  const counts = { tables: 0, rows: 0, files: 0 };
  return {
    counts,
    add(each) {
      if ('table' in each) counts.tables += 1;
      else if ('file' in each) counts.files += 1;
      else if (!('base64' in each)) counts.rows += 1;
    },
  };
}

/** Writes a backup, readable only by its owner. The file is there whole, or not at all. Throws if there is one. */
export async function writeBackup(
  path: string,
  head: BackupHeader,
  items: AsyncIterable<BackupItem>,
): Promise<BackupCounts & { bytes: number }> {
  if (await exists(path)) throw new Error(`${path} exists already. Name another file.`);
  const { counts, add } = countsOf();
  async function* lines() {
    yield `${JSON.stringify(head)}\n`;
    for await (const each of items) {
      add(each);
      yield `${JSON.stringify(each)}\n`;
    }
    yield `${JSON.stringify(counts)}\n`;
  }
  const partial = `${path}.partial`;
  const file = await open(partial, 'wx', 0o600).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new Error(
      isThere
        ? `${partial} exists: another backup is being written, or one was cut off. In that case, delete it.`
        : `${path} cannot be written: ${messageOf(error)}.`,
    );
  });
  try {
    await pipeline(Readable.from(lines()), createGzip(), file.createWriteStream({ flush: true }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  const { size: bytes } = await stat(path);
  return { ...counts, bytes };
}

/** A backup as it is read. Both throw an Error in words if the file is no whole backup. */
export interface Backup {
  header: BackupHeader;
  /** Reads the rest, once. The last one has come only when it ends. */
  items: AsyncGenerator<BackupItem, BackupCounts>;
}

export async function readBackup(path: string): Promise<Backup> {
  const lines = linesOf(path);
  const first = await lines.next();
  const head = first.done ? undefined : header.safeParse(parsed(first.value)).data;
  if (head === undefined) throw new Error(`${path} is not a backup of Switchboard that this version knows.`);
  return { header: head, items: itemsIn(path, lines) };
}

async function* itemsIn(
  path: string,
  lines: AsyncIterable<string>,
): AsyncGenerator<BackupItem, BackupCounts> {
  const { counts, add } = countsOf();
  let last: unknown;
  let isFirst = true;
  for await (const line of lines) {
    if (!isFirst) {
      const each = item.safeParse(last).data;
      if (each === undefined) throw new Error(`${path} is damaged.`);
      add(each);
      yield each;
    }
    isFirst = false;
    last = parsed(line);
  }
  const told = end.safeParse(last).data;
  if (JSON.stringify(told) !== JSON.stringify(counts))
    throw new Error(`${path} is damaged: it is not complete.`);
  return counts;
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  const unpacked = createGunzip();
  // The loop below throws its errors.
  whenPiped(createReadStream(path), unpacked, () => {});
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of unpacked) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const isUnpacking = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    const fault = isUnpacking ? 'is damaged, or not a backup' : 'cannot be read';
    throw new Error(`${path} ${fault}: ${messageOf(error)}.`);
  } finally {
    unpacked.destroy();
  }
  if (rest !== '') throw new Error(`${path} is damaged.`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
