import type { Work } from '../store/engine.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import type { HookReceiverRow, HookRow } from './tables.ts';

/** Milliseconds that a server has to send a hook and to note what became of it. */
const LEASE_MS = 15_000;
/** Hooks that a receiver gets at a time, from all servers together. One that has just failed gets one. */
const AT_ONCE = 4;
/** Milliseconds for which a hook is tried. */
export const KEPT_MS = 3 * 86_400_000;

export interface ClaimedHook extends Pick<HookRow, 'id' | 'message' | 'receiver' | 'type' | 'body'> {
  /** From 1. */
  attempt: number;
  /** Failures of the receiver in a row. */
  failures: number;
}

export interface HookClaims {
  claimed: readonly ClaimedHook[];
  /** When more may be claimed; null: when something new is queued. */
  again: number | null;
}

/** Takes hooks that are due: of each subject only the oldest, so that a receiver is told in order. */
export const claimHooks: Work<{ receivers: readonly string[]; now: number }, HookClaims> = {
  module: import.meta.url,
  name: 'claimHooks',
  async run(_spelling, transaction, { receivers, now }) {
    const known = await transaction.selectFrom('hook_receivers').selectAll().execute();
    const claimed: ClaimedHook[] = [];
    let again = Infinity;
    for (const receiver of receivers) {
      const {
        failures = 0,
        paused_until = 0,
        stopped_at = null,
      } = known.find((each) => each.receiver === receiver) ?? {};
      if (stopped_at !== null) continue;
      if (paused_until > now) {
        again = Math.min(again, paused_until);
        continue;
      }
      const leased = await transaction
        .selectFrom('hooks')
        .select('leased_until')
        .where('receiver', '=', receiver)
        .where('leased_until', '>', now)
        .execute();
      again = Math.min(again, ...leased.map(({ leased_until }) => leased_until));
      const free = (failures > 0 ? 1 : AT_ONCE) - leased.length;
      if (free <= 0) continue;
      const rows = await nextOf(transaction, receiver, now, free);
      for (const { id, message, type, body, attempts } of rows) {
        await transaction
          .updateTable('hooks')
          .set({ leased_until: now + LEASE_MS, attempts: attempts + 1 })
          .where('id', '=', id)
          .execute();
        claimed.push({ id, message, receiver, type, body, attempt: attempts + 1, failures });
      }
      const later = await transaction
        .selectFrom('hooks')
        .select(({ fn }) => fn.min('due_at').as('at'))
        .where('receiver', '=', receiver)
        .where('due_at', '>', now)
        .executeTakeFirst();
      again = Math.min(again, later?.at == null ? Infinity : Number(later.at));
    }
    return { claimed, again: again === Infinity ? null : again };
  },
};

/** The oldest hooks that are due, without those whose subject has an older one. */
function nextOf(transaction: StoreTransaction, receiver: string, now: number, limit: number) {
  return transaction
    .selectFrom('hooks')
    .select(['id', 'message', 'type', 'body', 'attempts'])
    .where('receiver', '=', receiver)
    .where('due_at', '<=', now)
    .where('leased_until', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('hooks as older')
            .select('older.id')
            .where('older.receiver', '=', receiver)
            .whereRef('older.subject', '=', 'hooks.subject')
            .whereRef('older.id', '<', 'hooks.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
}

/**
 * What became of an attempt. `failed`: this hook is tried again. `unreachable`: nothing is sent to the receiver for a
 * while. `stopped`: it wants no more hooks.
 */
export type HookEnd =
  | { is: 'delivered' }
  | { is: 'failed'; until: number }
  | { is: 'unreachable'; until: number }
  | { is: 'stopped' };

interface SettledHook {
  id: number;
  message: string;
  receiver: string;
  end: HookEnd;
}

/** Notes what became of an attempt. Returns how many hooks were dropped. */
export const settleHook: Work<{ settled: SettledHook; now: number }, { dropped: number }> = {
  module: import.meta.url,
  name: 'settleHook',
  async run(_spelling, transaction, { settled: { id, message, receiver, end }, now }) {
    if (end.is === 'delivered') {
      await transaction.deleteFrom('hooks').where('id', '=', id).where('message', '=', message).execute();
      await transaction
        .deleteFrom('hook_receivers')
        .where('receiver', '=', receiver)
        .where('stopped_at', 'is', null)
        .execute();
      return { dropped: 0 };
    }
    if (end.is === 'stopped') {
      await saveReceiver(transaction, { receiver, failures: 0, paused_until: 0, stopped_at: now });
      const { numDeletedRows } = await transaction
        .deleteFrom('hooks')
        .where('receiver', '=', receiver)
        .executeTakeFirst();
      return { dropped: Number(numDeletedRows) };
    }
    await transaction
      .updateTable('hooks')
      .set({ leased_until: 0, ...(end.is === 'failed' && { due_at: end.until }) })
      .where('id', '=', id)
      .where('message', '=', message)
      .execute();
    if (end.is === 'failed') return { dropped: 0 };
    const known = await transaction
      .selectFrom('hook_receivers')
      .selectAll()
      .where('receiver', '=', receiver)
      .executeTakeFirst();
    // Several attempts at the same time are one failure.
    if (known !== undefined && (known.stopped_at !== null || known.paused_until > now)) return { dropped: 0 };
    await saveReceiver(transaction, {
      receiver,
      failures: (known?.failures ?? 0) + 1,
      paused_until: end.until,
      stopped_at: null,
    });
    return { dropped: 0 };
  },
};

async function saveReceiver(transaction: StoreTransaction, { receiver, ...row }: HookReceiverRow) {
  await transaction
    .insertInto('hook_receivers')
    .values({ receiver, ...row })
    .onConflict((conflict) => conflict.column('receiver').doUpdateSet(row))
    .execute();
}

/** Deletes hooks that were queued before a time, in milliseconds since 1970. */
export async function deleteHooksBefore(store: Store, time: number): Promise<void> {
  await store.write((transaction) => transaction.deleteFrom('hooks').where('queued_at', '<', time).execute());
}

/** Drops hooks that are too old, and the oldest of those that are too many. Returns how many by reason. */
export const pruneHooks: Work<{ now: number; most: number }, { old: number; tooMany: number }> = {
  module: import.meta.url,
  name: 'pruneHooks',
  async run(_spelling, transaction, { now, most }) {
    const old = await transaction
      .deleteFrom('hooks')
      .where('queued_at', '<', now - KEPT_MS)
      .executeTakeFirst();
    const first = await transaction
      .selectFrom('hooks')
      .select('id')
      .orderBy('id', 'desc')
      .offset(most)
      .limit(1)
      .executeTakeFirst();
    const tooMany =
      first === undefined
        ? undefined
        : await transaction.deleteFrom('hooks').where('id', '<=', first.id).executeTakeFirst();
    return { old: Number(old.numDeletedRows), tooMany: Number(tooMany?.numDeletedRows ?? 0) };
  },
};
