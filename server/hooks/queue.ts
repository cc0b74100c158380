import { createHash, randomBytes } from 'node:crypto';
import type { Hook } from '../../domain/hooks/hook.ts';
import type { Columns, Spelling } from '../store/engine.ts';
import { insertRows } from '../store/rows.ts';
import type { StoreTransaction } from '../store/store.ts';
import type { HookRow } from './tables.ts';

const COLUMNS: Columns<HookRow> = {
  id: 'integer',
  message: 'text',
  receiver: 'text',
  subject: 'text',
  type: 'text',
  body: 'text',
  queued_at: 'integer',
  due_at: 'integer',
  attempts: 'integer',
  leased_until: 'integer',
};

/** What stands for an address in the store: the address itself may contain a secret. */
export function receiverOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 16);
}

/**
 * Queues hooks for every receiver that wants them, in the transaction of what they tell of.
 * @returns whether there was something to queue
 */
export async function queueHooks(
  spelling: Spelling,
  transaction: StoreTransaction,
  receivers: readonly string[],
  hooks: readonly Hook[],
  now: number,
): Promise<boolean> {
  if (hooks.length === 0 || receivers.length === 0) return false;
  const stopped = await transaction
    .selectFrom('hook_receivers')
    .select('receiver')
    .where('stopped_at', 'is not', null)
    .execute();
  const last = await transaction
    .selectFrom('hooks')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const wanting = receivers.filter((each) => stopped.every(({ receiver }) => receiver !== each));
  const rows = hooks.flatMap((hook) => {
    const message = `msg_${randomBytes(16).toString('hex')}`;
    return wanting.map((receiver) => ({ hook, message, receiver }));
  });
  await insertRows(
    spelling,
    transaction,
    'hooks',
    rows.map(({ hook, message, receiver }, index): HookRow => {
      return {
        id: (last?.id ?? 0) + 1 + index,
        message,
        receiver,
        subject: subjectOf(hook),
        type: hook.type,
        body: JSON.stringify(hook),
        queued_at: now,
        due_at: now,
        attempts: 0,
        leased_until: 0,
      };
    }),
    COLUMNS,
  );
  return rows.length > 0;
}

function subjectOf({ data }: Hook): string {
  if ('agent' in data) return data.agent;
  return data.call ?? data.voicemail ?? '';
}
