import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { openStore } from '../../store/store.ts';
import { tables } from '../../tables.ts';
import { emptyFolder } from '../../testing.ts';
import { historyOf } from './history.ts';

/** A store in which the desk did so many things with the call c1, one a millisecond. */
async function storeWith(count: number) {
  const store = await openStore({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
  onTestFinished(() => store.close());
  const rows = Array.from({ length: count }, (_, at) => {
    const event: DeskEvent = { kind: 'asked', call: 'c1', reservation: null, at };
    return { id: at + 1, at, call: 'c1', agent: null, kind: event.kind, body: JSON.stringify(event) };
  });
  await store.write(async (transaction) => {
    for (let from = 0; from < count; from += 100) {
      await transaction
        .insertInto('desk_events')
        .values(rows.slice(from, from + 100))
        .execute();
    }
  });
  return store;
}

const timesOf = ({ events }: { events: readonly DeskEvent[] }) => events.map(({ at }) => at);

test('a call with very many events shows how it began and the newest, and says how many are left out', async () => {
  const history = await historyOf(await storeWith(2_500), ['c1']);
  expect(history.gap).toEqual({ after: 200, omitted: 500 });
  const times = timesOf(history);
  expect([times[0], times[199], times[200], times.at(-1)]).toEqual([0, 199, 700, 2_499]);
});

test.each([0, 1_799, 1_800, 2_000])('a call with %i events shows them all', async (count) => {
  const history = await historyOf(await storeWith(count), ['c1']);
  expect(history.gap).toBeNull();
  expect(timesOf(history)).toEqual(Array.from({ length: count }, (_, at) => at));
});
