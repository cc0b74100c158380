import type { ContactFields, ImportRefusal, ImportResult } from '../api/contacts-api.ts';
import { isLink, MOST_CHARACTERS, storable, tidy } from './contact.ts';

/** The columns of a file with contacts, in the order of an export. */
export const COLUMNS = ['number', 'name', 'company', 'link', 'notes'] as const;

type Column = (typeof COLUMNS)[number] | 'surname';

/** Headers by column, folded, in English and Spanish. */
const HEADERS: Readonly<Record<Column, readonly string[]>> = {
  number: [
    'number',
    'phone',
    'phone number',
    'telephone',
    'telephone number',
    'tel',
    'mobile',
    'mobile number',
    'mobile phone',
    'cell',
    'numero',
    'numero de telefono',
    'telefono',
    'movil',
    'telefono movil',
  ],
  name: ['name', 'full name', 'first name', 'contact', 'nombre', 'nombre completo', 'contacto'],
  surname: ['surname', 'last name', 'family name', 'apellido', 'apellidos'],
  company: ['company', 'company name', 'organisation', 'organization', 'empresa', 'compania', 'organizacion'],
  link: ['link', 'url', 'website', 'web', 'enlace', 'sitio web'],
  notes: ['notes', 'note', 'comment', 'comments', 'nota', 'notas', 'comentario', 'comentarios'],
};

/** The columns of a header row, by position; undefined: not understood, or there already. */
export function columnsOf(headers: readonly string[]): (Column | undefined)[] {
  const seen = new Set<Column>();
  return headers.map((header) => {
    const wanted = header
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    const column = COLUMN_NAMES.find((name) => HEADERS[name].includes(wanted));
    if (column === undefined || seen.has(column)) return undefined;
    seen.add(column);
    return column;
  });
}

const COLUMN_NAMES = [...COLUMNS, 'surname'] as const;

const SEPARATORS = [',', ';', '\t'] as const;

/** The separator of a file: what its header has most of, or what Excel's first line `sep=;` says. */
export function separatorOf(text: string): { separator: ImportResult['separator']; skipLines: 0 | 1 } {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const named = SEPARATORS.find((each) => line.toLowerCase() === `sep=${each}`);
  if (named !== undefined) return { separator: named, skipLines: 1 };
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (separator: string) => bare.split(separator).length;
  const [best = ','] = SEPARATORS.toSorted((a, b) => count(b) - count(a));
  return { separator: best, skipLines: 0 };
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe, as OWASP recommends. */
export function escapeFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** What `escapeFormula` made of a cell, undone. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** In full width, too, as in Japanese. With apostrophes before it, so that undoing gives back what was escaped. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** One cell of a file with commas. */
export function quoted(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const BETWEEN_NOTES = '\n\n---\n\n';

/** Notes as one cell, oldest first. */
export function joinNotes(notes: readonly string[]): string {
  return notes.join(BETWEEN_NOTES);
}

/** The notes of a cell that a contact does not have yet. */
export function newNotes(cell: string, known: readonly string[]): string[] {
  if (cell === joinNotes(known)) return [];
  const have = new Set(known.map((text) => text.trim()));
  const parts = cell.split(/\r?\n\r?\n---\r?\n\r?\n/);
  return parts.filter((part) => part.trim() !== '' && !have.has(part.trim()));
}

/** A row of a file that is to become a contact. Null: the file says nothing, so nothing changes. */
export interface ImportedRow extends ContactFields {
  number: string;
  notes: string | null;
}

/** A row, or why it is refused. @param readNumber E.164 without `+`; undefined if it is no number */
export function readRow(
  cells: readonly string[],
  columns: readonly (Column | undefined)[],
  readNumber: (text: string) => string | undefined,
): ImportedRow | { reason: ImportRefusal; value: string } {
  const cell = (column: Column) => {
    const index = columns.indexOf(column);
    return index === -1 ? '' : storable(cells[index] ?? '');
  };
  const text = (column: Column) => tidy(unescapeFormula(cell(column)));
  const given = cell('number').trim().replace(/^'/, '');
  if (given === '') return refuse('no-number', cells.find((each) => each.trim() !== '') ?? '');
  const number = readNumber(given);
  if (number === undefined) return refuse('not-a-number', given);
  const name = tidy([text('name'), text('surname')].filter((each) => each !== null).join(' '));
  const [company, link] = [text('company'), text('link')];
  const notes = unescapeFormula(cell('notes'));
  for (const [column, value] of [
    ['name', name],
    ['company', company],
    ['link', link],
  ] as const) {
    if (value !== null && value.length > MOST_CHARACTERS[column]) return refuse('too-long', value);
  }
  if (link !== null && !isLink(link)) return refuse('not-a-link', link);
  const tooLong = newNotes(notes, []).find((each) => each.length > MOST_CHARACTERS.note);
  if (tooLong !== undefined) return refuse('too-long', tooLong);
  return { number, name, company, link, notes: notes.trim() === '' ? null : notes };
}

const MOST_QUOTED = 60;

function refuse(reason: ImportRefusal, value: string) {
  return { reason, value: value.trim().slice(0, MOST_QUOTED).toWellFormed() };
}
