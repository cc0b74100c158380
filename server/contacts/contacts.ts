import type { Selectable } from 'kysely';
import type { Contact, ContactFields, ContactNote, ContactPage } from '../../domain/api/contacts-api.ts';
import { fold, searchedText, sortKey } from '../../domain/contacts/contact.ts';
import type { Columns } from '../store/engine.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import type { ContactNoteRow, ContactRow } from './tables.ts';

/** Names and notes of the people who call. Methods reject with StoreUnavailable while the store is down. */
export interface Contacts {
  /** By name. @param after `next` of the page before */
  list(options: { search?: string | undefined; after?: string | undefined }): Promise<ContactPage>;
  find(number: string): Promise<Contact | undefined>;
  /** Newest first. */
  notes(number: string, most?: number): Promise<readonly ContactNote[]>;
  save(number: string, fields: ContactFields, by: string): Promise<Contact>;
  /** Adds a note. A number that is no contact yet becomes one. */
  addNote(number: string, note: Pick<ContactNote, 'text' | 'by' | 'call'>): Promise<ContactNote>;
  /** What a look-up found. Leaves alone what a person wrote. */
  found(number: string, fields: ContactFields, notes: readonly string[]): Promise<void>;
}

const PAGE = 50;
const MOST_NOTES = 200;

export const CONTACT_COLUMNS: Columns<ContactRow> = {
  number: 'text',
  name: 'text',
  company: 'text',
  link: 'text',
  changed_by: 'text',
  changed_at: 'integer',
  sort_key: 'text',
  searched: 'text',
};

export const NOTE_COLUMNS: Columns<ContactNoteRow> = {
  id: 'integer',
  number: 'text',
  text: 'text',
  written_by: 'text',
  written_at: 'integer',
  call: 'text',
};

/** @param now milliseconds since 1970 */
export function createContacts(store: Store, now: () => number): Contacts {
  return {
    async list({ search, after }) {
      const from = positionIn(after);
      const rows = await store.read((db) => {
        let query = db.selectFrom('contacts').selectAll();
        if (from !== undefined) {
          query = query.where(({ or, and, eb }) =>
            or([
              eb('sort_key', '>', from.key),
              and([eb('sort_key', '=', from.key), eb('number', '>', from.number)]),
            ]),
          );
        }
        if (search) {
          const { contains } = store.engine;
          const digits = digitsIn(search);
          query = query.where(({ or, ref }) =>
            or([
              contains(ref('searched'), fold(search.replaceAll('\0', '').trim())),
              ...(digits === undefined ? [] : [contains(ref('number'), digits)]),
            ]),
          );
        }
        return query
          .orderBy('sort_key')
          .orderBy('number')
          .limit(PAGE + 1)
          .execute();
      });
      const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
      return {
        contacts: rows.slice(0, PAGE).map(contactOf),
        next: last === undefined ? null : cursorOf(last),
      };
    },
    async find(number) {
      const row = await store.read((db) =>
        db.selectFrom('contacts').selectAll().where('number', '=', number).executeTakeFirst(),
      );
      return row && contactOf(row);
    },
    async notes(number, most = MOST_NOTES) {
      const rows = await store.read((db) =>
        db
          .selectFrom('contact_notes')
          .selectAll()
          .where('number', '=', number)
          .orderBy('id', 'desc')
          .limit(most)
          .execute(),
      );
      return rows.map(noteOf);
    },
    async save(number, fields, by) {
      const row = contactRow(number, fields, by, now());
      await store.write((transaction) => put(transaction, row));
      return contactOf(row);
    },
    addNote(number, { text, by, call }) {
      const at = now();
      return store.write(async (transaction) => {
        await transaction
          .insertInto('contacts')
          // Written by nobody yet, so that a look-up may still find the name.
          .values(contactRow(number, NOBODY, null, at))
          .onConflict((conflict) => conflict.column('number').doNothing())
          .execute();
        const id = (await newestNote(transaction)) + 1;
        const row = { id, number, text, written_by: by, written_at: at, call };
        await transaction.insertInto('contact_notes').values(row).execute();
        return noteOf(row);
      });
    },
    found(number, fields, notes) {
      const at = now();
      return store.write(async (transaction) => {
        const known = await transaction
          .selectFrom('contacts')
          .select('changed_by')
          .where('number', '=', number)
          .executeTakeFirst();
        // It may have become a contact while the look-up was under way.
        if (known !== undefined && known.changed_by !== null) return;
        await put(transaction, contactRow(number, fields, null, at));
        const written = await transaction
          .selectFrom('contact_notes')
          .select('text')
          .where('number', '=', number)
          .execute();
        const texts = new Set(written.map(({ text }) => text));
        const newest = await newestNote(transaction);
        const rows = notes
          .filter((text) => !texts.has(text))
          .map((text, index) => ({
            id: newest + 1 + index,
            number,
            text,
            written_by: null,
            written_at: at,
            call: null,
          }));
        if (rows.length > 0) await transaction.insertInto('contact_notes').values(rows).execute();
      });
    },
  };
}

const NOBODY: ContactFields = { name: null, company: null, link: null };

/** @param by who wrote it; null: the look-up */
export function contactRow(
  number: string,
  { name, company, link }: ContactFields,
  by: string | null,
  at: number,
): ContactRow {
  return {
    number,
    name,
    company,
    link,
    changed_by: by,
    changed_at: at,
    sort_key: sortKey({ name, company }),
    searched: searchedText({ name, company }),
  };
}

/** The id of the newest note. Ids are given under the lock. */
export async function newestNote(transaction: StoreTransaction): Promise<number> {
  const newest = await transaction
    .selectFrom('contact_notes')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.id ?? 0;
}

async function put(transaction: StoreTransaction, row: ContactRow): Promise<void> {
  const { number: _number, ...values } = row;
  await transaction
    .insertInto('contacts')
    .values(row)
    .onConflict((conflict) => conflict.column('number').doUpdateSet(values))
    .execute();
}

function contactOf(row: Selectable<ContactRow>): Contact {
  return {
    number: row.number,
    name: row.name,
    company: row.company,
    link: row.link,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

function noteOf(row: ContactNoteRow): ContactNote {
  return { id: row.id, text: row.text, by: row.written_by, at: row.written_at, call: row.call };
}

/** The digits of a search that may be meant as part of a number, without the 0 before a national one. */
function digitsIn(search: string): string | undefined {
  if (!/^[\d\s()+.-]+$/.test(search)) return undefined;
  const digits = search.replace(/\D/g, '').replace(/^0+/, '');
  return digits === '' ? undefined : digits;
}

function cursorOf({ sort_key, number }: ContactRow): string {
  return Buffer.from(`${number} ${sort_key}`).toString('base64url');
}

/** Undefined where the text is no cursor. */
export function positionIn(cursor: string | undefined): { key: string; number: string } | undefined {
  const [, number, key] =
    /^(\d{1,15}) ([^\0]*)$/s.exec(Buffer.from(cursor ?? '', 'base64url').toString()) ?? [];
  return number === undefined || key === undefined ? undefined : { number, key };
}
