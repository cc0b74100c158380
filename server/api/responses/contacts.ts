import { z } from 'zod';
import type {
  CallerCard,
  Contact,
  ContactDetail,
  ContactNote,
  ContactPage,
  Erased,
  ImportResult,
} from '../../../domain/api/contacts-api.ts';
import {
  type CallbackView,
  HISTORY_OUTCOMES,
  type HistoryItem,
  type HistoryPage,
} from '../../../domain/api/history-api.ts';
import { exactly } from '../exactly.ts';
import { direction, hungUpBy } from './calls.ts';
import { exit } from './desk.ts';
import { count, named, number, numberOrNull, text, textOrNull, time, timeOrNull } from './fields.ts';

const contactName = z.object({ name: textOrNull, company: textOrNull });

const historyItem = named(
  'HistoryItem',
  exactly<HistoryItem>()(
    z.object({
      call: text,
      agent: textOrNull,
      at: time,
      direction,
      isCallback: z.boolean(),
      number,
      contact: contactName.nullable(),
      to: textOrNull,
      queue: textOrNull,
      outcome: z.enum(HISTORY_OUTCOMES),
      exit: exit.nullable(),
      answeredBy: textOrNull,
      hungUpBy: hungUpBy.nullable(),
      transferred: z.boolean(),
      waited: numberOrNull,
      talked: numberOrNull,
      voicemail: textOrNull,
      wrapUp: z.object({ outcome: textOrNull, note: textOrNull }).nullable(),
    }),
  ),
);

export const historyPage = named(
  'HistoryPage',
  exactly<HistoryPage>()(z.object({ items: z.array(historyItem), next: textOrNull, missed: count })),
);

export const missed = z.object({ missed: count });

export const callbacks = exactly<readonly CallbackView[]>()(
  z.array(
    named(
      'Callback',
      z.object({
        id: text,
        number,
        contact: contactName.nullable(),
        queue: text,
        since: time,
        tries: count,
        nextTry: timeOrNull,
        state: z.enum(['waiting', 'ringing-agent', 'calling', 'talking']),
        agent: textOrNull,
      }),
    ),
  ),
);

export const contact = named(
  'Contact',
  exactly<Contact>()(
    z.object({
      number: text,
      name: textOrNull,
      company: textOrNull,
      link: textOrNull,
      changedBy: textOrNull,
      changedAt: time,
    }),
  ),
);

export const contactPage = named(
  'ContactPage',
  exactly<ContactPage>()(z.object({ contacts: z.array(contact), next: textOrNull })),
);

export const contactNote = named(
  'ContactNote',
  exactly<ContactNote>()(z.object({ id: z.number(), text, by: textOrNull, at: time, call: textOrNull })),
);

export const contactDetail = named(
  'ContactDetail',
  exactly<ContactDetail>()(z.object({ contact, notes: z.array(contactNote), calls: z.array(historyItem) })),
);

export const callerCard = named(
  'CallerCard',
  exactly<CallerCard>()(
    z.object({
      number: text,
      formatted: text,
      country: textOrNull,
      countryName: textOrNull,
      contact: contact.nullable(),
      link: textOrNull,
      lastNote: contactNote.nullable(),
      lastCalls: z.array(historyItem),
    }),
  ),
);

const traces = { calls: count, voicemails: count, live: count };

export const erased = named(
  'Erased',
  exactly<Erased>()(
    z.object({
      deleted: z.object({ contact: z.boolean(), notes: count, ...traces }),
      kept: z.object(traces),
    }),
  ),
);

export const importResult = named(
  'ImportResult',
  exactly<ImportResult>()(
    z.object({
      preview: z.boolean(),
      encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
      separator: z.enum([',', ';', '\t']),
      ignoredColumns: z.array(text),
      rows: count,
      added: count,
      changed: count,
      same: count,
      refused: z.object({
        count,
        first: z.array(
          z.object({
            line: z.number(),
            reason: z.enum(['no-number', 'not-a-number', 'too-long', 'not-a-link']),
            value: text,
          }),
        ),
      }),
      doubled: z.object({ count, first: z.array(z.object({ line: z.number(), number: text })) }),
    }),
  ),
);
