import type { LogEntry } from '../event-log.ts';

/** The moments of a call that both the SDK and the webhooks tell of. */
export const MOMENTS = ['rings', 'answered', 'over'] as const;

export type Moment = (typeof MOMENTS)[number];

/**
 * How the two accounts of a moment go together. `late`: they are far apart. `waiting`: one is there, and the other may
 * still come. `healed`: the page heard of the end from the webhooks alone. `earlier`: before the page was loaded.
 */
export type Agreement = 'agree' | 'late' | 'waiting' | 'no webhook' | 'page not told' | 'healed' | 'earlier';

/** What the page and the webhooks say of a moment. Times are milliseconds since 1970 by the page's clock. */
export interface Account {
  moment: Moment;
  page: number | null;
  webhook: number | null;
  agreement: Agreement;
}

/** A webhook about the agent's own leg. */
export interface LegWebhook {
  status: string;
  /** When the server received it, by the page's clock. */
  at: number;
}

/** How long one account may be there without the other, or before it (milliseconds). */
const PATIENCE_MS = 5_000;

/** How long a call goes on here after the webhooks told its end, in case that the SDK says why (milliseconds). */
const HEAL_MS = 3_000;

/** The page ends a call by itself so long after the webhooks only because of them (milliseconds). */
const HEALED_MS = 2_000;

const ENDS = [
  'completed',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'busy',
  'failed',
  'disconnected',
] as const;

const STATUSES: Readonly<Record<Moment, readonly string[]>> = {
  rings: ['ringing', 'started'],
  answered: ['answered'],
  over: ENDS,
};

/** The calls that a log tells of, newest first. */
export function callsIn(entries: readonly LogEntry[]): string[] {
  const ids = entries.flatMap(({ told }) => {
    if (told === undefined) {
      return [];
    }
    if ('type' in told) {
      return told.type === 'invited' ? [told.call.id] : [];
    }
    return told.name === 'in-call' ? [told.call.id] : [];
  });
  return [...new Set(ids.reverse())];
}

/** A call as the page and the webhooks tell it, moment by moment; what neither tells is left out. */
export function accountsOf(
  entries: readonly LogEntry[],
  callId: string,
  webhooks: readonly LegWebhook[],
  now: number,
): Account[] {
  const loadedAt = entries[0]?.at ?? now;
  const isDialled = !entries.some(({ told }) => told && isInvitation(told, callId));
  return MOMENTS.flatMap((moment) => {
    const page = entries.find((entry) => tellsOf(entry, callId, moment));
    const webhook = webhookOf(webhooks, moment);
    const isOnlyAtPlatform = moment === 'rings' && isDialled && webhook !== null && webhook >= loadedAt;
    if ((page === undefined && webhook === null) || isOnlyAtPlatform) {
      return [];
    }
    const at = page?.at ?? null;
    const isOwnEnd = moment === 'over' && page?.told !== undefined && 'name' in page.told;
    const isHealed = isOwnEnd && at !== null && webhook !== null && at - webhook >= HEALED_MS;
    const agreement = isHealed ? 'healed' : agreementOf(at, webhook, loadedAt, now);
    return [{ moment, page: at, webhook, agreement }];
  });
}

/** Whether the webhooks told the end of a call long enough ago that the SDK should have, too. */
export function isStale(webhooks: readonly LegWebhook[], now: number): boolean {
  const over = webhookOf(webhooks, 'over');
  return over !== null && now - over >= HEAL_MS;
}

/** Whether the two accounts contradict each other. */
export function isMismatch(agreement: Agreement): boolean {
  return agreement === 'late' || agreement === 'no webhook' || agreement === 'page not told';
}

function agreementOf(page: number | null, webhook: number | null, loadedAt: number, now: number): Agreement {
  if (page === null) {
    if (webhook !== null && webhook < loadedAt) {
      return 'earlier';
    }
    return webhook !== null && now - webhook < PATIENCE_MS ? 'waiting' : 'page not told';
  }
  if (webhook === null) {
    return now - page < PATIENCE_MS ? 'waiting' : 'no webhook';
  }
  return Math.abs(webhook - page) < PATIENCE_MS ? 'agree' : 'late';
}

/** When the webhooks first told of a moment, by the status that says it best. */
function webhookOf(webhooks: readonly LegWebhook[], moment: Moment): number | null {
  if (moment === 'over') {
    const ends = webhooks.filter(({ status }) => STATUSES.over.includes(status));
    return ends.length === 0 ? null : Math.min(...ends.map(({ at }) => at));
  }
  for (const wanted of STATUSES[moment]) {
    const found = webhooks.find(({ status }) => status === wanted);
    if (found) {
      return found.at;
    }
  }
  return null;
}

type Told = NonNullable<LogEntry['told']>;

function tellsOf({ told }: LogEntry, callId: string, moment: Moment): boolean {
  if (told === undefined) {
    return false;
  }
  switch (moment) {
    case 'rings':
      return isInvitation(told, callId);
    case 'answered':
      return 'name' in told && told.name === 'in-call' && told.call.id === callId;
    case 'over':
      return 'type' in told
        ? told.type === 'over' && told.callId === callId
        : told.name === 'ended' && told.ended.call.id === callId;
  }
}

function isInvitation(told: Told, callId: string): boolean {
  return 'type' in told && told.type === 'invited' && told.call.id === callId;
}
