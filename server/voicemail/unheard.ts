import type { Store } from '../store/store.ts';

/** How many messages nobody listened to, and when the oldest of them was left, milliseconds since 1970. */
export async function unheardMessages(store: Store): Promise<{ unheard: number; oldest: number | null }> {
  const { unheard, oldest } = await store.read((db) =>
    db
      .selectFrom('voicemails')
      .select(({ fn }) => [
        fn.countAll<number | string>().as('unheard'),
        fn.min<number | string | null>(fn.coalesce('received_at', 'offered_at')).as('oldest'),
      ])
      .where('state', 'in', ['recorded', 'kept', 'missing'])
      .where('heard_by', 'is', null)
      .executeTakeFirstOrThrow(),
  );
  return { unheard: Number(unheard), oldest: oldest === null ? null : Number(oldest) };
}
