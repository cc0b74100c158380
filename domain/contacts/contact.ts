import type { ContactFields } from '../api/contacts-api.ts';

/** Most characters of the fields of a contact, and of a note. */
export const MOST_CHARACTERS = { name: 200, company: 200, link: 2_000, note: 10_000 } as const;

/** A text as it can be stored on every database: trimmed, null if nothing is left. */
export function tidy(text: string | null | undefined): string | null {
  const tidied = storable(text ?? '').trim();
  return tidied === '' ? null : tidied;
}

/** A text without what Postgres or UTF-8 cannot store. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** Whether a text is an http or https address. */
export function isLink(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

/** A text for comparison: without accents and case. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** What a search looks in. */
export function searchedText({ name, company }: Pick<ContactFields, 'name' | 'company'>): string {
  return fold([name, company].filter((each) => each !== null).join('\n'));
}

/** Contacts are listed by name, else by company; those with neither are last. */
export function sortKey({ name, company }: Pick<ContactFields, 'name' | 'company'>): string {
  return fold(name ?? company ?? '\uffff').slice(0, MOST_CHARACTERS.name);
}

/** An address for a number, from CONTACT_LINK. */
export function linkFrom(template: string, number: string): string {
  return template.replaceAll('{number}', encodeURIComponent(`+${number}`));
}
