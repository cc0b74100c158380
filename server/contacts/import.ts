import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { parse as parseCsv } from 'csv-parse';
import type { Request } from 'express';
import type { CountryCode } from 'libphonenumber-js';
import { z } from 'zod';
import type { ImportResult, RefusedRow } from '../../domain/api/contacts-api.ts';
import { columnsOf, type ImportedRow, newNotes, readRow, separatorOf } from '../../domain/contacts/csv.ts';
import { HttpError } from '../http/errors.ts';
import { insertRows, upsertRows } from '../store/rows.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { CONTACT_COLUMNS, contactRow, NOTE_COLUMNS, newestNote } from './contacts.ts';
import { readNumber } from './phone-numbers.ts';
import type { ContactNoteRow, ContactRow } from './tables.ts';

/** Bytes of a file: 100,000 contacts with a note of some lines each. */
export const LARGEST_FILE = 32 * 1024 * 1024;

/** Refused and doubled rows that are listed; the others are only counted. */
const MOST_LISTED = 100;

/** Characters of a row: some notes of the greatest length. */
const LONGEST_ROW = 1_000_000;

/** Bytes decoded at once, so that other requests are answered in between. */
const CHUNK = 4 * 1024;

/** Contacts per transaction, so that webhooks are stored in between. */
const AT_ONCE = 200;

/** Reads a body of at most `limit` bytes. Throws an HttpError with 413 if it is larger, with 400 if it is empty. */
export async function readFile(request: Request, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > limit) {
      throw new HttpError(413, 'bad-request', `The file is larger than ${limit / 1024 / 1024} MB.`);
    }
    parts.push(part);
  }
  if (size === 0) throw new HttpError(400, 'bad-request', 'The body is empty, but must be a CSV file.');
  return Buffer.concat(parts);
}

interface ImportOptions {
  /** Who imports. */
  by: string;
  /** Whether nothing is written. */
  preview: boolean;
  /** Whose national numbers are meant. */
  country: CountryCode | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Imports the contacts of a CSV file, or says what that would do. Throws an HttpError with 400 if it is none. */
export async function importContacts(
  store: Store,
  file: Buffer,
  { by, preview, country, now }: ImportOptions,
): Promise<ImportResult> {
  const read = await readContacts(file, country);
  const result: ImportResult = { ...read.result, preview };
  const rows = [...read.contacts.values()];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const part = rows.slice(start, start + AT_ONCE);
    const step = preview
      ? compare(part, await store.read((db) => knownOf(db, part)), by, now())
      : await store.write(async (transaction) => {
          const changes = compare(part, await knownOf(transaction, part), by, now());
          await write(store, transaction, changes);
          return changes;
        });
    await afterOthers();
    result.added += step.added;
    result.changed += step.changed;
    result.same += step.same;
  }
  return result;
}

const record = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** The contacts of a file by number, of which the last row counts. */
async function readContacts(file: Buffer, country: CountryCode | undefined) {
  const encoding = encodingOf(file);
  const { separator, skipLines } = separatorOf(decoderOf(encoding).decode(file.subarray(0, 64 * 1024)));
  const contacts = new Map<string, ImportedRow & { line: number }>();
  const refused: RefusedRow[] = [];
  const doubled: ImportResult['doubled']['first'][number][] = [];
  let [rows, refusals, doubles] = [0, 0, 0];
  let headers: string[] | undefined;
  let columns: ReturnType<typeof columnsOf> = [];

  const parser = Readable.from(textOf(file, encoding)).pipe(
    parseCsv({
      delimiter: separator,
      from_line: 1 + skipLines,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
    }),
  );
  try {
    for await (const each of parser) {
      const { record: cells, info } = record.parse(each);
      if (headers === undefined) {
        headers = cells;
        columns = columnsOf(cells);
        if (!columns.includes('number')) throw noNumbers(cells);
        continue;
      }
      if (cells.every((cell) => cell.trim() === '')) continue;
      rows += 1;
      const line = info.lines - lineBreaksIn(cells);
      const row = readRow(cells, columns, (text) => readNumber(text, country));
      if ('reason' in row) {
        refusals += 1;
        if (refused.length < MOST_LISTED) refused.push({ line, ...row });
        continue;
      }
      const { number } = row;
      const earlier = contacts.get(number);
      if (earlier !== undefined) {
        doubles += 1;
        if (doubled.length < MOST_LISTED) doubled.push({ line: earlier.line, number });
      }
      contacts.set(number, { ...row, line });
    }
  } catch (error) {
    throw error instanceof HttpError ? error : notCsv(error);
  }
  if (headers === undefined) throw noNumbers([]);
  return {
    contacts,
    result: {
      encoding,
      separator,
      ignoredColumns: headers.filter((_header, index) => columns[index] === undefined),
      rows,
      added: 0,
      changed: 0,
      same: 0,
      refused: { count: refusals, first: refused },
      doubled: { count: doubles, first: doubled },
    },
  };
}

function lineBreaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}

function noNumbers(headers: readonly string[]): HttpError {
  const found = headers.length === 0 ? 'is empty' : `has the columns ${headers.join(', ').slice(0, 200)}`;
  return new HttpError(
    400,
    'bad-request',
    `The first line must name the columns, one of them number, phone or teléfono, but ${found}.`,
  );
}

function notCsv(error: unknown): HttpError {
  const { code, lines } = z
    .object({ code: z.string().optional(), lines: z.number().optional() })
    .catch({})
    .parse(error);
  if (code === undefined) throw error;
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark is not closed'
      : code === 'CSV_MAX_RECORD_SIZE'
        ? 'a row is longer than a million characters'
        : 'it cannot be read';
  return new HttpError(400, 'bad-request', `This is no CSV file: ${why} (line ${lines ?? 1}).`);
}

/** The encoding of a file by its first bytes, else by whether it is UTF-8; spreadsheets write Windows-1252 otherwise. */
function encodingOf(file: Buffer): ImportResult['encoding'] {
  const [first, second] = file;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const start = file.subarray(0, 1_000);
  // In Latin letters each other byte is zero.
  const zeros = [0, 1].map((odd) => start.filter((byte, at) => byte === 0 && at % 2 === odd).length);
  const [even = 0, odd = 0] = zeros;
  if (odd > start.length / 4) return 'utf-16le';
  if (even > start.length / 4) return 'utf-16be';
  return isUtf8(file) ? 'utf-8' : 'windows-1252';
}

/** Removes a byte order mark. */
function decoderOf(encoding: ImportResult['encoding']): TextDecoder {
  return new TextDecoder(encoding);
}

async function* textOf(file: Buffer, encoding: ImportResult['encoding']): AsyncGenerator<string> {
  const decoder = decoderOf(encoding);
  for (let start = 0; start < file.length; start += CHUNK) {
    const text = decoder.decode(file.subarray(start, start + CHUNK), { stream: true });
    if (text !== '') yield text;
    await afterOthers();
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** What is stored about the numbers of some rows. */
interface Known {
  contacts: ReadonlyMap<string, ContactRow>;
  /** Oldest first. */
  notes: ReadonlyMap<string, readonly string[]>;
}

async function knownOf(
  db: Pick<StoreTransaction, 'selectFrom'>,
  rows: readonly ImportedRow[],
): Promise<Known> {
  const numbers = rows.map(({ number }) => number);
  const contacts = await db.selectFrom('contacts').selectAll().where('number', 'in', numbers).execute();
  const notes = await db
    .selectFrom('contact_notes')
    .select(['number', 'text'])
    .where('number', 'in', numbers)
    .orderBy('id')
    .execute();
  return {
    contacts: new Map(contacts.map((contact) => [contact.number, contact])),
    notes: new Map(
      [...Map.groupBy(notes, ({ number }) => number)].map(([number, all]) => [
        number,
        all.map(({ text }) => text),
      ]),
    ),
  };
}

interface Changes extends Pick<ImportResult, 'added' | 'changed' | 'same'> {
  contacts: ContactRow[];
  notes: Omit<ContactNoteRow, 'id'>[];
}

/** Cells that are empty change nothing. */
function compare(rows: readonly ImportedRow[], known: Known, by: string, at: number): Changes {
  const changes: Changes = { added: 0, changed: 0, same: 0, contacts: [], notes: [] };
  for (const { number, notes, ...given } of rows) {
    const before = known.contacts.get(number);
    const after = {
      name: given.name ?? before?.name ?? null,
      company: given.company ?? before?.company ?? null,
      link: given.link ?? before?.link ?? null,
    };
    const isOther =
      before === undefined ||
      after.name !== before.name ||
      after.company !== before.company ||
      after.link !== before.link;
    const fresh = notes === null ? [] : newNotes(notes, known.notes.get(number) ?? []);
    changes.notes.push(
      ...fresh.map((text) => ({ number, text, written_by: by, written_at: at, call: null })),
    );
    if (isOther) changes.contacts.push(contactRow(number, after, by, at));
    if (before === undefined) changes.added += 1;
    else if (isOther || fresh.length > 0) changes.changed += 1;
    else changes.same += 1;
  }
  return changes;
}

async function write(
  { engine }: Store,
  transaction: StoreTransaction,
  { contacts, notes }: Changes,
): Promise<void> {
  await upsertRows(engine, transaction, 'contacts', 'number', contacts, CONTACT_COLUMNS);
  if (notes.length === 0) return;
  const newest = await newestNote(transaction);
  const rows = notes.map((note, index): ContactNoteRow => ({ ...note, id: newest + 1 + index }));
  await insertRows(engine, transaction, 'contact_notes', rows, NOTE_COLUMNS);
}
