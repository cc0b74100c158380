import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { CallerCard, ContactDetail, Erased } from '../../domain/api/contacts-api.ts';
import { isLink, linkFrom, MOST_CHARACTERS, storable, tidy } from '../../domain/contacts/contact.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';
import { jsonBody, readJson } from '../http/json-body.ts';
import { parsed } from '../http/parsed.ts';
import { actingAgent, actorOf, isSupervisor } from '../people/authenticate.ts';
import { positionIn } from './contacts.ts';
import { eraseNumber } from './erase.ts';
import { exportedContacts } from './export.ts';
import { importContacts, LARGEST_FILE, readFile } from './import.ts';
import { countryOf, formatNumber, numberIn } from './phone-numbers.ts';

/** Calls on a caller's card, and in a contact. */
const MOST_CALLS = { card: 5, contact: 50 } as const;

/** Milliseconds that an import may take: a large file on a slow machine or database. */
const LONGEST_IMPORT_MS = 600_000;

const agent = z.string().max(64).optional();

function field(name: 'name' | 'company' | 'link') {
  const most = MOST_CHARACTERS[name];
  return z
    .string()
    .nullish()
    .transform(tidy)
    .refine((text) => (text?.length ?? 0) <= most, `must have at most ${most} characters`);
}

export const contactFields = z.object({
  agent,
  name: field('name'),
  company: field('company'),
  link: field('link').refine(
    (text) => text === null || isLink(text),
    'must be an address that begins with https:// or http://',
  ),
});

export const noteRequest = z.object({
  agent,
  text: z
    .string()
    .max(MOST_CHARACTERS.note, `must have at most ${MOST_CHARACTERS.note} characters`)
    .transform(storable)
    .refine((text) => text.trim() !== '', 'must not be empty'),
  call: z.string().max(200).transform(storable).nullish(),
});

const once = z.string('must be given once').max(400, 'is longer than 400 characters');

export const contactQuery = z.object({
  search: once.optional(),
  after: once
    .refine((text) => positionIn(text) !== undefined, 'must be the `next` of an earlier page')
    .optional(),
});

const yesOrNo = z.enum(['yes', 'no'], 'must be yes or no').optional();
export const importQuery = z.object({ preview: yesOrNo });
export const eraseQuery = z.object({ everything: yesOrNo });

/** Contacts and callers: list, read, write, delete, import and export. */
export function contactRoutes(context: Context): Router {
  const { access, audit, clock, config, contacts, history, store, terminal, voicemails } = context;

  async function list(request: Request, response: Response): Promise<void> {
    response.json(await contacts.list(parsed(contactQuery, request.query)));
  }

  async function show(request: Request, response: Response): Promise<void> {
    const number = numberOf(request);
    const contact = await contacts.find(number);
    if (contact === undefined) throw new HttpError(404, 'not-found', 'There is no such contact.');
    const [notes, calls] = await Promise.all([
      contacts.notes(number),
      history.ofNumber(number, MOST_CALLS.contact),
    ]);
    response.json({ contact, notes, calls } satisfies ContactDetail);
  }

  async function save(request: Request, response: Response): Promise<void> {
    const number = numberOf(request);
    const { agent: named, ...wanted } = parsed(contactFields, jsonBody(request));
    response.json(await contacts.save(number, wanted, actingAgent(response, context, named)));
  }

  async function addNote(request: Request, response: Response): Promise<void> {
    const number = numberOf(request);
    const { agent: named, text, call = null } = parsed(noteRequest, jsonBody(request));
    const by = actingAgent(response, context, named);
    response.status(201).json(await contacts.addNote(number, { text, by, call }));
  }

  async function erase(request: Request, response: Response): Promise<void> {
    const number = numberOf(request);
    const everything = parsed(eraseQuery, request.query).everything === 'yes';
    if (everything && !isSupervisor(response)) {
      throw new HttpError(403, 'role-missing', 'Only supervisors can delete everything about a number.');
    }
    const erased = await eraseNumber(store, number, {
      everything,
      removeFiles: voicemails.removeFiles,
      by: actorOf(request, response, context.roster),
      now: clock.now,
    });
    if (everything) terminal.note(`${actingAgent(response, context, undefined)} deleted all of a number.`);
    response.json(erased satisfies Erased);
  }

  async function showCaller(request: Request, response: Response): Promise<void> {
    const given = storable(String(request.params.number));
    const number = numberIn(given) ?? given.slice(0, 200);
    const [contact, [lastNote = null], lastCalls] = await Promise.all([
      contacts.find(number),
      contacts.notes(number, 1),
      history.ofNumber(number, MOST_CALLS.card),
    ]);
    const template = config.contactLink;
    const ours = template === undefined || numberIn(given) === undefined ? null : linkFrom(template, number);
    response.json({
      number,
      ...formatNumber(number, languageOf(request)),
      contact: contact ?? null,
      link: contact?.link ?? ours,
      lastNote,
      lastCalls,
    } satisfies CallerCard);
  }

  async function importFile(request: Request, response: Response): Promise<void> {
    const preview = parsed(importQuery, request.query).preview === 'yes';
    const by = actingAgent(response, context, undefined);
    const file = await readFile(request, LARGEST_FILE);
    // Nothing is sent meanwhile: cut off, whoever imports would take for failed what goes on.
    request.setTimeout(LONGEST_IMPORT_MS);
    const country = countryOf(access.number);
    const result = await importContacts(store, file, { by, preview, country, now: clock.now });
    if (!preview) {
      const details = `${result.added} added, ${result.changed} changed`;
      await audit.note({ ...actorOf(request, response, context.roster), what: 'contacts imported', details });
    }
    response.json(result);
  }

  async function exportFile(request: Request, response: Response): Promise<void> {
    await audit.note({ ...actorOf(request, response, context.roster), what: 'contacts exported' });
    response.setHeader('Content-Type', 'text/csv; charset=utf-8');
    response.setHeader('Content-Disposition', 'attachment; filename="contacts.csv"');
    try {
      await pipeline(Readable.from(exportedContacts(store)), response);
    } catch (error) {
      // Whoever goes away in the middle needs no answer.
      if (!response.destroyed) throw error;
    }
  }

  const readBody = readJson(128 * 1024);
  const router = Router();
  router.get('/api/contacts', list);
  router.post('/api/contacts/import', importFile);
  router.get('/api/contacts/export', exportFile);
  router.get('/api/contacts/:number', show);
  router.put('/api/contacts/:number', readBody, save);
  router.delete('/api/contacts/:number', erase);
  router.post('/api/contacts/:number/notes', readBody, addNote);
  router.get('/api/callers/:number', showCaller);
  return router;
}

function numberOf(request: Request): string {
  const number = numberIn(String(request.params.number));
  if (number === undefined) {
    throw new HttpError(400, 'bad-request', 'The number must be in E.164, like +442038297050.');
  }
  return number;
}

/** The language that the reader asks for, else that of the browser. */
function languageOf(request: Request): string {
  const asked = request.query.language;
  const candidates = [typeof asked === 'string' ? asked : '', request.acceptsLanguages()[0] ?? ''];
  return candidates.find(isLanguage) ?? 'en';
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
