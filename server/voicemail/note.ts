import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import { legName } from '../../domain/webhooks/identity.ts';
import { readEvent } from '../../domain/webhooks/read-event.ts';
import type { StoreTransaction } from '../store/store.ts';

/** What a webhook, or its answer, says about a voicemail. */
export type VoicemailFact =
  | { kind: 'offered'; id: string; call: string | null; queue: string | null; from: string | null }
  | { kind: 'recorded'; id: string; url: string; seconds: number | null; conversation: string | null }
  | { kind: 'transcribed'; id: string; url: string; conversation: string | null };

/** Whether a text may be the id of a voicemail. An id becomes a file name, and is read from an address. */
export function isVoicemailId(text: string): boolean {
  return /^[\w-]{1,180}$/.test(text);
}

/** What a webhook to `/voice/voicemail/{id}` says; undefined: nothing. */
export function voicemailIn(event: WebhookEvent, [kind, id]: readonly string[]): VoicemailFact | undefined {
  if (kind !== 'voicemail' || id === undefined || !isVoicemailId(id)) return undefined;
  const { recording_url: url, transcription_url, start_time, end_time, conversations } = readEvent(event);
  const conversation = conversations[0] ?? null;
  if (url === null) {
    return transcription_url === null
      ? undefined
      : { kind: 'transcribed', id, url: transcription_url, conversation };
  }
  const seconds = start_time === null || end_time === null ? null : (end_time - start_time) / 1000;
  return { kind: 'recorded', id, url, seconds, conversation };
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
    else if (await isOfOtherCall(transaction, fact)) continue;
    else if (fact.kind === 'recorded') await record(transaction, fact, now);
    else await transcribe(transaction, fact, now);
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
    // One that the safety tail recorded was not known to be anybody's.
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ call, queue, from_party: from }))
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

/** A transcript may come before its recording is heard of. */
async function transcribe(
  transaction: StoreTransaction,
  { id, url }: Extract<VoicemailFact, { kind: 'transcribed' }>,
  now: number,
): Promise<void> {
  const news = { transcript_url: url, transcript_told_at: now, transcript_due_at: now };
  await transaction
    .insertInto('voicemails')
    .values({ ...NEW, id, offered_at: now, due_at: now + OVERDUE_MS, ...news })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(news))
    .execute();
}

/**
 * Whether a recording was made in another call than the one that was asked for the message. Its webhook names no leg,
 * only a conversation; one that is not known yet is let pass.
 */
async function isOfOtherCall(
  transaction: StoreTransaction,
  { id, conversation }: Pick<Extract<VoicemailFact, { kind: 'recorded' }>, 'id' | 'conversation'>,
): Promise<boolean> {
  if (conversation === null) return false;
  const asked = await transaction
    .selectFrom('voicemails')
    .select('call')
    .where('id', '=', id)
    .executeTakeFirst();
  const call = asked === undefined ? id : asked.call;
  if (call === null) return false;
  const known = await transaction
    .selectFrom('call_names')
    .select(['name', 'call_number'])
    .where('name', 'in', [call, legName(call), conversation])
    .execute();
  const recorded = known.find(({ name }) => name === conversation);
  const others = known.filter(({ name }) => name !== conversation);
  return recorded !== undefined && others.some((each) => each.call_number !== recorded.call_number);
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
  transcript_url: null,
  transcript_told_at: null,
  transcript_due_at: null,
  heard_by: null,
  heard_at: null,
};
