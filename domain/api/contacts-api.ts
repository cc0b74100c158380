import type { HistoryItem } from './history-api.ts';

/** What pages and the server tell each other about callers and contacts. Numbers are E.164 without `+`; in addresses a `+` may lead. */

/** `GET /api/contacts?search&after` → 200, by name. `search`: part of a name, a company or a number. */
export interface ContactPage {
  contacts: readonly Contact[];
  /** `after` of the next page, or null at the end. */
  next: string | null;
}

/** `PUT /api/contacts/{number}` with `ContactFields` → 200 and this. */
export interface Contact extends ContactFields {
  number: string;
  /** Who wrote it last; null: the look-up, or nobody. */
  changedBy: string | null;
  /** Milliseconds since 1970. */
  changedAt: number;
}

export interface ContactFields {
  name: string | null;
  company: string | null;
  /** An http or https address, for example in a CRM. */
  link: string | null;
}

/** `GET /api/contacts/{number}` → 200, or 404 if the number is no contact. */
export interface ContactDetail {
  contact: Contact;
  /** Newest first. */
  notes: readonly ContactNote[];
  /** The latest calls of the number, newest first. */
  calls: readonly HistoryItem[];
}

export interface ContactNote {
  id: number;
  text: string;
  /** Who wrote it; null: the look-up. */
  by: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** The call that it was written in; null: none. */
  call: string | null;
}

/** Body of `POST /api/contacts/{number}/notes` → 201 `ContactNote`. A number that is no contact yet becomes one. */
export interface NoteRequest {
  text: string;
  call?: string | null;
  /** Only where nobody signs in. */
  agent?: string;
}

/**
 * `DELETE /api/contacts/{number}` → 200: deletes the contact and its notes. With `?everything=yes`, for
 * supervisors, also its calls, what the desk did with them, and its voicemails with their recordings.
 */
export interface Erased {
  deleted: { contact: boolean; notes: number } & NumberTraces;
  /** What is still stored about the number. */
  kept: NumberTraces;
}

export interface NumberTraces {
  calls: number;
  voicemails: number;
  /** Calls and callbacks that are not over. They are never deleted: ask again afterwards. */
  live: number;
}

/** `GET /api/callers/{number}?language` → 200: what the card of a call shows about its caller. */
export interface CallerCard {
  number: string;
  /** As people write it: `+44 7700 900000`; what was given where it is not a phone number. */
  formatted: string;
  /** ISO 3166 code, and the name in the reader's language; null where unknown. */
  country: string | null;
  countryName: string | null;
  contact: Contact | null;
  /** Where to read more: the contact's link, else the one of CONTACT_LINK; null: nowhere. */
  link: string | null;
  lastNote: ContactNote | null;
  /** The latest calls of the number, newest first, at most five. */
  lastCalls: readonly HistoryItem[];
}

/**
 * `POST /api/contacts/import?preview=yes` with a CSV file as the body, for supervisors → 200. A preview changes
 * nothing. `GET /api/contacts/export`, for supervisors: all contacts as a CSV file, which can be imported again.
 */
export interface ImportResult {
  preview: boolean;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  separator: ',' | ';' | '\t';
  /** Headers that were not understood. Their columns are ignored. */
  ignoredColumns: readonly string[];
  /** Rows below the header. */
  rows: number;
  /** Contacts by what the import does to them. */
  added: number;
  changed: number;
  same: number;
  refused: { count: number; first: readonly RefusedRow[] };
  /** Rows that a later row of the same number replaces. */
  doubled: { count: number; first: readonly { line: number; number: string }[] };
}

export interface RefusedRow {
  /** Of the file, from 1. */
  line: number;
  reason: ImportRefusal;
  /** What is wrong, at most 60 characters of it. */
  value: string;
}

export type ImportRefusal =
  | 'no-number'
  | 'not-a-number'
  /** A name or company of more than 200 characters, a link of more than 2000, or a note of more than 10,000. */
  | 'too-long'
  | 'not-a-link';
