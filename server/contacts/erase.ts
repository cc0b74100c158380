import type { Erased, NumberTraces } from '../../domain/api/contacts-api.ts';
import { type Actor, type AuditFact, audit } from '../audit/audit.ts';
import { deleteCalls } from '../calls/retention.ts';
import { deleteDeskCalls, forgetLastOffers, subjectsOf } from '../routing/desk/delete.ts';
import type { Store, StoreTransaction } from '../store/store.ts';

/** What is stored about a number, besides its contact. */
interface Traces {
  /** Numbers of calls in the log. */
  calls: number[];
  deskCalls: string[];
  voicemails: string[];
  /** Calls of the desk that are not over. */
  live: number;
}

interface EraseOptions {
  everything: boolean;
  /** Deletes the recordings of messages that are about to be deleted. */
  removeFiles: (ids: readonly string[]) => Promise<void>;
  /** Recorded in the audit trail, which must not keep the number. */
  by: Actor;
  /** Milliseconds since 1970. */
  now: () => number;
}

function erasure(by: Actor, everything: boolean, { calls, voicemails }: Traces): AuditFact {
  if (!everything) return { ...by, what: 'contact deleted' };
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const details = `${count(calls.length, 'call')}, ${count(voicemails.length, 'voicemail')}`;
  return { ...by, what: 'number deleted', details };
}

/** Ids in one statement: databases limit them. */
const AT_ONCE = 500;

/**
 * Deletes a contact and its notes; with `everything` also what else is stored about the number, in one transaction:
 * calls with their entries and names, what the desk did, the history and voicemails. Calls that are not over stay.
 * @param removeFiles deletes the recordings of messages, before their rows: a crash leaves no file of an unknown message
 */
export async function eraseNumber(
  store: Store,
  number: string,
  { everything, removeFiles, by, now }: EraseOptions,
): Promise<Erased> {
  const mentioned = await callsThatMention(store, number);
  return store.write(async (transaction) => {
    const notes = await transaction
      .deleteFrom('contact_notes')
      .where('number', '=', number)
      .executeTakeFirst();
    const contact = await transaction.deleteFrom('contacts').where('number', '=', number).executeTakeFirst();
    const traces = await tracesOf(transaction, number, mentioned);
    if (everything) {
      await removeFiles(traces.voicemails);
      await eraseTraces(transaction, traces, number);
    }
    const { calls, live, voicemails } = traces;
    const isThere = contact.numDeletedRows > 0n || notes.numDeletedRows > 0n;
    if (everything || isThere) await audit(transaction, erasure(by, everything, traces), now());
    const all: NumberTraces = { calls: calls.length, voicemails: voicemails.length, live: 0 };
    return {
      deleted: {
        contact: contact.numDeletedRows > 0n,
        notes: Number(notes.numDeletedRows),
        ...(everything ? all : NOTHING),
      },
      kept: { ...(everything ? NOTHING : all), live },
    };
  });
}

const NOTHING: NumberTraces = { calls: 0, voicemails: 0, live: 0 };

/** Entries searched in one step, so that other requests are answered in between. */
const WINDOW = 5_000;

/** Numbers of the calls with an entry that names a number as a party of any leg. Found before the lock is taken. */
async function callsThatMention(store: Store, number: string): Promise<readonly number[]> {
  const spellings = [`"${number}"`, `"+${number}"`];
  const found = new Set<number>();
  const newest = await store.read((db) =>
    db.selectFrom('counters').select('newest_entry_id').executeTakeFirstOrThrow(),
  );
  for (let from = 0; from <= newest.newest_entry_id; from += WINDOW) {
    const rows = await store.read((db) =>
      db
        .selectFrom('entries')
        .select('call_number')
        .distinct()
        .where('id', '>', from)
        .where('id', '<=', from + WINDOW)
        .where(({ or, ref }) =>
          or(
            spellings.flatMap((text) => [
              store.engine.contains(ref('body'), text),
              store.engine.contains(ref('reply'), text),
            ]),
          ),
        )
        .execute(),
    );
    for (const { call_number } of rows) found.add(call_number);
  }
  return [...found];
}

async function tracesOf(
  transaction: StoreTransaction,
  number: string,
  mentioned: readonly number[],
): Promise<Traces> {
  const spellings = [number, `+${number}`];
  const ofCaller = await transaction
    .selectFrom('desk_calls')
    .select(['id', 'open'])
    .where('from_party', 'in', spellings)
    .execute();
  const inLog = await transaction
    .selectFrom('calls')
    .select('number')
    .where(({ or, eb }) => or([eb('from_party', 'in', spellings), eb('to_party', 'in', spellings)]))
    .execute();
  const inHistory = await transaction
    .selectFrom('history')
    .select('call')
    .distinct()
    .where('number', '=', number)
    .execute();
  const voicemails = await transaction
    .selectFrom('voicemails')
    .select('id')
    .where('from_party', 'in', spellings)
    .execute();

  // Callers who were connected to the number are not in the rows by party.
  const others = await callsOfDesk(transaction, [...mentioned, ...inLog.map((call) => call.number)]);
  const ofDesk = [...new Map([...ofCaller, ...others].map((call) => [call.id, call])).values()];
  const open = ofDesk.filter((call) => call.open === 1);
  const live = new Set(await callsOfDeskCalls(transaction, open));
  const closed = ofDesk.filter((call) => call.open === 0);
  const calls = new Set([
    ...mentioned,
    ...inLog.map((call) => call.number),
    ...(await callsOfDeskCalls(transaction, closed)),
  ]);
  for (const call of live) calls.delete(call);
  const openIds = new Set(open.map(({ id }) => id));
  const deskCalls = new Set([
    ...closed.map(({ id }) => id),
    // The desk's own rows may be gone already.
    ...inHistory.map(({ call }) => call).filter((call) => !openIds.has(call)),
  ]);
  return {
    calls: [...calls],
    deskCalls: [...deskCalls],
    voicemails: voicemails.map(({ id }) => id),
    live: open.length,
  };
}

/** The calls of the desk whose legs are in calls of the log. */
async function callsOfDesk(
  transaction: StoreTransaction,
  calls: readonly number[],
): Promise<{ id: string; open: 0 | 1 }[]> {
  const found: { id: string; open: 0 | 1 }[] = [];
  for (const part of inParts(calls)) {
    const names = await transaction
      .selectFrom('call_names')
      .select('name')
      .where('call_number', 'in', part)
      .execute();
    for (const legs of inParts(names.map(({ name }) => name.replace(/^leg:/, '')))) {
      const rows = await transaction
        .selectFrom('desk_calls')
        .select(['id', 'open'])
        .where('id', 'in', legs)
        .execute();
      found.push(...rows);
    }
  }
  return found;
}

/** The calls of the log in which the legs of calls of the desk are. */
async function callsOfDeskCalls(
  transaction: StoreTransaction,
  calls: readonly { id: string }[],
): Promise<number[]> {
  const numbers: number[] = [];
  for (const ids of inParts(calls.map(({ id }) => id))) {
    for (const part of inParts([...(await subjectsOf(transaction, ids))])) {
      const rows = await transaction
        .selectFrom('call_names')
        .select('call_number')
        .where(
          'name',
          'in',
          part.map((leg) => `leg:${leg}`),
        )
        .execute();
      numbers.push(...rows.map(({ call_number }) => call_number));
    }
  }
  return numbers;
}

async function eraseTraces(
  transaction: StoreTransaction,
  { calls, deskCalls, voicemails }: Traces,
  number: string,
): Promise<void> {
  for (const part of inParts(calls)) await deleteCalls(transaction, part);
  for (const part of inParts(deskCalls)) await deleteDeskCalls(transaction, part);
  for (const part of inParts(voicemails)) {
    await transaction.deleteFrom('voicemails').where('id', 'in', part).execute();
    await transaction.deleteFrom('hooks').where('subject', 'in', part).execute();
  }
  await forgetLastOffers(transaction, ({ from }) => from?.replace(/^\+/, '') === number);
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) parts.push(items.slice(start, start + AT_ONCE));
  return parts;
}
