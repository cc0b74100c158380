import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import { readEvent } from '../../domain/webhooks/read-event.ts';
import type { StoreTransaction } from '../store/store.ts';

/** What a webhook, or its answer, says about a voicemail. */
export type VoicemailFact =
  | { kind: 'offered'; id: string; call: string | null; queue: string | null; from: string | null }
  | { kind: 'recorded'; id: string; url: string; seconds: number | null };

/** Whether a text may be the id of a voicemail. An id becomes a file name, and is read from an address. */
export function isVoicemailId(text: string): boolean {
  return /^[\w-]{1,180}$/.test(text);
}

/** What a webhook to `/voice/voicemail/{id}` says; undefined: nothing. */
export function voicemailIn(event: WebhookEvent, [kind, id]: readonly string[]): VoicemailFact | undefined {
  if (kind !== 'voicemail' || id === undefined || !isVoicemailId(id)) return undefined;
  const { recording_url: url, start_time, end_time } = readEvent(event);
  if (url === null) return undefined;
  const seconds = start_time === null || end_time === null ? null : (end_time - start_time) / 1000;
  return { kind: 'recorded', id, url, seconds };
}

/** Milliseconds after which a message that was asked for should have been heard of: it has two minutes. */
const OVERDUE_MS = 240_000;

/** Notes what became of voicemails, in the transaction that stores the webhook. */
export async function noteVoicemails(
  transaction: StoreTransaction,
  facts: readonly VoicemailFact[],
  now: number,
): Promise<void> {
  for (const fact of facts) {
    if (fact.kind === 'offered') await offer(transaction, fact, now);
    else await record(transaction, fact, now);
  }
}

async function offer(
  transaction: StoreTransaction,
  { id, call, queue, from }: Extract<VoicemailFact, { kind: 'offered' }>,
  now: number,
): Promise<void> {
  await transaction
    .insertInto('voicemails')
    .values({ ...NEW, id, call, queue, from_party: from, offered_at: now, due_at: now + OVERDUE_MS })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** A recording may come of a caller who was never offered one: the safety tail records without asking the store. */
async function record(
  transaction: StoreTransaction,
  { id, url, seconds }: Extract<VoicemailFact, { kind: 'recorded' }>,
  now: number,
): Promise<void> {
  const news = { state: 'recorded' as const, url, seconds, received_at: now, due_at: now };
  await transaction
    .insertInto('voicemails')
    .values({ ...NEW, id, offered_at: now, ...news })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(news).where('voicemails.state', 'in', ['offered', 'missing']),
    )
    .execute();
}

const NEW = {
  call: null,
  queue: null,
  from_party: null,
  received_at: null,
  seconds: null,
  state: 'offered' as const,
  url: null,
  attempts: 0,
  transcript: null,
  heard_by: null,
  heard_at: null,
};
