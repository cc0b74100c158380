import type { WallView } from '../../domain/api/wall-api.ts';

/**
 * A view in which everything that says the same as in the view before is the same object, so that what shows it need
 * not look again.
 */
export function sharedView(before: WallView | null, told: WallView): WallView {
  if (before === null) return told;
  return {
    now: told.now,
    agents: sharedList(before.agents, told.agents, ({ name }) => name),
    queues: sharedList(before.queues, told.queues, ({ name }) => name),
    calls: sharedList(before.calls, told.calls, ({ id }) => id),
    voicemails: isSame(before.voicemails, told.voicemails) ? before.voicemails : told.voicemails,
  };
}

/** A list with the items of the list before wherever they say the same; the list before if all of them do. */
export function sharedList<Item>(
  before: readonly Item[],
  told: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const list = told.map((item) => {
    const old = known.get(keyOf(item));
    return old !== undefined && isSame(old, item) ? old : item;
  });
  return list.length === before.length && list.every((item, at) => item === before[at]) ? before : list;
}

/** Whether two values of JSON say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame(Reflect.get(one, name), Reflect.get(other, name)))
  );
}
