import type { Kysely } from 'kysely';
import { COLUMNS, escapeFormula, joinNotes, quoted } from '../../domain/contacts/csv.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** Contacts read at once. */
const AT_ONCE = 500;

/** So that spreadsheets take the file for UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** All contacts as a CSV file, by number. */
export async function* exportedContacts(store: Store): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${COLUMNS.join(',')}\r\n`;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after;
    const { contacts, notes } = await store.read(async (db) => {
      const found = await db
        .selectFrom('contacts')
        .select(['number', 'name', 'company', 'link'])
        .where('number', '>', from)
        .orderBy('number')
        .limit(AT_ONCE)
        .execute();
      const numbers = found.map(({ number }) => number);
      const written = numbers.length === 0 ? [] : await notesOf(db, numbers);
      return { contacts: found, notes: Map.groupBy(written, ({ number }) => number) };
    });
    const lines = contacts.map(({ number, name, company, link }) => {
      const texts = (notes.get(number) ?? []).map(({ text }) => text);
      const cells = [name ?? '', company ?? '', link ?? '', joinNotes(texts)];
      // A number with + is no formula.
      return `${[`+${number}`, ...cells.map(escapeFormula)].map(quoted).join(',')}\r\n`;
    });
    if (lines.length > 0) yield lines.join('');
    after = contacts[AT_ONCE - 1]?.number;
  }
}

function notesOf(db: Kysely<Schema>, numbers: readonly string[]) {
  return db
    .selectFrom('contact_notes')
    .select(['number', 'text'])
    .where('number', 'in', numbers)
    .orderBy('id')
    .execute();
}
