import { sql } from 'kysely';
import type { DeskEvent, DeskFact } from '../../domain/desk/events.ts';
import { hooksOfCall } from '../../domain/hooks/hook.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';
import { noteDesk } from '../calls/outcomes.ts';
import type { Clock } from '../clock.ts';
import { projectDirectCalls } from '../history/project.ts';
import { queueHooks } from '../hooks/queue.ts';
import type { HookSender } from '../hooks/sender.ts';
import { type Appended, appendEntries, type Told } from '../log/append.ts';
import type { Spelling, Work } from '../store/engine.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { noteVoicemails, type VoicemailFact } from '../voicemail/note.ts';
import { type Moved, moveFacts, type Setting } from './desk/work.ts';

/** What a webhook means to the rooms that act on it, in the transaction that stores it. */
export interface Meaning {
  desk?: DeskFact | undefined;
  voicemail?: VoicemailFact | undefined;
}

interface RoutedInput {
  items: readonly Told[];
  /** Milliseconds since 1970. */
  now: number;
  /** Undefined with direct routing. */
  setting?: Setting;
  /** For whom hooks are queued; absent: for nobody. */
  hooks?: readonly string[];
}

export interface Routed extends Appended {
  /** What the desk did; null if it was not told anything. */
  moved: Moved | null;
  /** Whether a voicemail or its transcript is to be fetched. */
  hasRecordings: boolean;
  /** Whether hooks were queued. */
  hasHooks: boolean;
}

/** Appends webhooks and carries out what they mean, in one transaction. */
export const appendRouted: Work<RoutedInput, Routed> = {
  module: import.meta.url,
  name: 'appendRouted',
  async run(spelling, transaction, { items, now, setting, hooks = [] }) {
    let moved: Moved | null = null;
    let hasRecordings = false;
    let hasHooks = false;
    const appended = await appendEntries(
      spelling,
      transaction,
      items.map(({ row }) => row),
      async (fresh) => {
        const meanings = fresh.map((index) => ({ index, ...meaningOf(items[index]?.told) }));
        const voicemails = meanings.flatMap(({ voicemail }) => voicemail ?? []);
        hasRecordings = voicemails.some(({ kind }) => kind !== 'offered');
        await noteVoicemails(transaction, voicemails, now);
        const told = meanings.flatMap(({ index, desk }) =>
          desk === undefined ? [] : [{ index, fact: desk }],
        );
        const replies = new Map<number, Reply>();
        if (setting === undefined || told.length === 0) return replies;
        moved = await moveCarefully(
          spelling,
          transaction,
          told.map(({ fact }) => fact),
          setting,
          told.map(({ index }) => items[index]?.row.request_id ?? null),
        );
        for (const [at, { index }] of told.entries()) {
          const ncco = moved.nccos[at];
          if (ncco) replies.set(index, { status: 200, ncco });
        }
        return replies;
      },
      // A call of the desk gets its history from what the desk did.
      setting === undefined
        ? async (calls) => {
            const ended = await projectDirectCalls(spelling, transaction, calls);
            const told = ended.flatMap((line) => hooksOfCall(line, now));
            hasHooks = await queueHooks(spelling, transaction, hooks, told, now);
          }
        : undefined,
    );
    // Only now is a call there that begins with one of these webhooks.
    await noteDesk(spelling, transaction, eventsOf(moved));
    return { ...appended, moved, hasRecordings, hasHooks };
  },
};

function eventsOf(moved: Moved | null): readonly DeskEvent[] {
  return moved?.news.map(({ event }) => event) ?? [];
}

/** Only this server's own routing tells the log anything. */
function meaningOf(told: unknown): Meaning {
  return typeof told === 'object' && told !== null ? told : {};
}

/**
 * A fault of the desk must not cost the webhook: it is stored, and answered from the request alone. Nor may it cost what
 * others mean that came with it: after a fault, the desk is told of one after the other.
 */
async function moveCarefully(
  spelling: Spelling,
  transaction: StoreTransaction,
  facts: readonly DeskFact[],
  setting: Setting,
  causes: readonly (string | null)[],
): Promise<Moved> {
  const together = await tryToMove(spelling, transaction, facts, setting, causes);
  if (together.fault === null || facts.length === 1) return together;
  const each: Moved[] = [];
  for (const [index, fact] of facts.entries()) {
    each.push(await tryToMove(spelling, transaction, [fact], setting, causes.slice(index)));
  }
  return {
    ...together,
    nccos: each.map(({ nccos: [ncco = null] }) => ncco),
    refusals: each.map(({ refusals: [refusal = null] }) => refusal),
    hasEffects: each.some(({ hasEffects }) => hasEffects),
    due: each.findLast(({ fault }) => fault === null)?.due ?? null,
    news: each.flatMap(({ news }) => news),
    fault: each.find(({ fault }) => fault !== null)?.fault ?? null,
  };
}

async function tryToMove(
  spelling: Spelling,
  transaction: StoreTransaction,
  facts: readonly DeskFact[],
  setting: Setting,
  causes: readonly (string | null)[],
): Promise<Moved> {
  await sql`savepoint desk`.execute(transaction);
  try {
    const moved = await moveFacts(spelling, transaction, facts, setting, causes);
    await sql`release savepoint desk`.execute(transaction);
    return moved;
  } catch (error) {
    await sql`rollback to savepoint desk`.execute(transaction);
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      nccos: [],
      refusals: [],
      hasEffects: false,
      hasHooks: false,
      due: null,
      at: setting.now,
      news: [],
      fault,
    };
  }
}

interface CommitOptions {
  store: Store;
  clock: Clock;
  desk?: { setting(): Setting; onMoved(moved: Moved): void } | undefined;
  onRecordings: () => void;
  /** For whom hooks are queued, and who sends them. */
  hooks?: Pick<HookSender, 'receivers' | 'wake'> | undefined;
}

/** How the log commits webhooks: together with what they mean. */
export function createCommit({ store, clock, desk, onRecordings, hooks }: CommitOptions) {
  return async (items: readonly Told[]): Promise<Appended> => {
    const receivers = hooks?.receivers ?? [];
    const input = { items, now: clock.now(), hooks: receivers, ...(desk && { setting: desk.setting() }) };
    const { moved, hasRecordings, hasHooks, ...appended } = await store.perform(appendRouted, input);
    if (moved !== null) desk?.onMoved(moved);
    if (hasRecordings) onRecordings();
    if (hasHooks) hooks?.wake();
    return appended;
  };
}
