import { expect, it } from 'vitest';
import type { CallSummary } from '../../domain/calls/call.ts';
import { OUTCOMES } from '../../domain/calls/outcome.ts';
import { event, measured, openLog, statusOf } from '../log/testing.ts';
import type { Store } from '../store/store.ts';
import { describeStores, type TestStores } from '../store/testing.ts';
import { type CallFilter, type Clocks, callsByStatus, isCursor, listCalls } from './list-calls.ts';
import { readCall } from './read-call.ts';

const CALLS = 1_203;

/** Call i is first seen at second i, two of them at the same time. Every tenth is live. */
async function fullLog(stores: TestStores): Promise<Store> {
  const { store, append } = await openLog(stores, await stores.place());
  const numbers = Array.from({ length: CALLS }, (_, index) => index);
  await Promise.all(
    numbers.flatMap((index) => {
      const call = `CON-${index}`;
      const more = { receivedAt: Math.floor(index / 2) * 1000 };
      const caller = { ...statusOf(`c${index}`, 'started', 0, call), from: String(447_700_900_000 + index) };
      const page = { ...statusOf(`app${index}`, 'started', 1, call), to: index % 2 ? 'Alice' : 'Bob' };
      const end = { ...statusOf(`c${index}`, 'completed', 2, call), note: `say "${index}" 100%` };
      return [caller, page, ...(index % 10 === 0 ? [] : [end])].map((payload) =>
        append(event(payload, more)),
      );
    }),
  );
  return store;
}

/** Soon after the calls. */
const soon = 700_000;
const clocks: Clocks = { now: () => soon, elapsed: () => 0 };

const indexOf = ({ id }: CallSummary) => Number(id.slice(4));

describeStores('the list of calls', (stores) => {
  it('returns every call once, newest first, page by page', { timeout: 30_000 }, async () => {
    const store = await fullLog(stores);
    const listed = await all(store, { limit: 100 });
    expect(listed.pages).toBe(13);
    expect(listed.indexes).toEqual(Array.from({ length: CALLS }, (_, index) => CALLS - 1 - index));
    expect((await all(store, { limit: CALLS })).pages).toBe(1);

    const { calls, newestEntryId } = await listCalls(store, { limit: 1 }, clocks);
    expect(newestEntryId).toBe(CALLS * 3 - 121);
    expect(calls).toEqual([
      expect.objectContaining({
        id: 'CON-1202',
        from: '447700901202',
        to: '442038297050',
        agent: 'Bob',
        status: 'ended',
      }),
    ]);

    // By person, status and time.
    const find = async (filter: Omit<CallFilter, 'limit'>) =>
      (await all(store, { limit: 100, ...filter })).indexes;
    const those = (chosen: (index: number) => boolean) =>
      Array.from({ length: CALLS }, (_, index) => CALLS - 1 - index).filter(chosen);
    expect(await find({ agent: 'Alice' })).toEqual(those((index) => index % 2 === 1));
    expect(await find({ agent: 'Carol' })).toEqual([]);
    expect(await find({ status: 'ringing' })).toEqual(those((index) => index % 10 === 0));
    expect(await find({ status: 'ended', agent: 'Bob' })).toEqual(
      those((index) => index % 2 === 0 && index % 10 !== 0),
    );
    expect(await find({ since: 100_000, until: 102_000 })).toEqual([203, 202, 201, 200]);

    // By outcome: nobody says of these calls why they ended.
    const ended = those((index) => index % 10 !== 0);
    expect(await find({ outcome: 'missed' })).toEqual(ended);
    expect(await find({ outcome: 'missed', agent: 'Bob' })).toEqual(ended.filter((index) => index % 2 === 0));
    expect(await find({ outcome: 'voicemail' })).toEqual([]);
    expect(await find({ direction: 'inbound', since: 600_000 })).toEqual([1202, 1201, 1200]);
    expect(await find({ direction: 'outbound' })).toEqual([]);
    expect(await find({ queue: 'sales' })).toEqual([]);
    const { outcomes } = await listCalls(store, { limit: 1 }, clocks);
    expect(outcomes).toMatchObject({ missed: 1_000, answered: 0 });
    const few = await listCalls(store, { limit: 1, since: 100_000, until: 102_000 }, clocks);
    expect(few.outcomes).toMatchObject({ missed: 3 });
    expect(await listCalls(store, { limit: 1, agent: 'Bob' }, clocks)).not.toHaveProperty('outcomes');

    // By the last digits of a number, and by a text in an event.
    expect(await find({ number: '900017' })).toEqual([17]);
    expect(await find({ number: '90101' })).toEqual(those((index) => index >= 1010 && index <= 1019));
    expect(await find({ number: '442038297050', since: 600_000 })).toEqual([1202, 1201, 1200]);
    expect(await find({ text: 'SAY "33" 100%' })).toEqual([33]);
    expect(await find({ text: '100_' })).toEqual([]);
    expect(await find({ text: '"c77"' })).toEqual([77]);
    expect(await find({ text: 'Alice', agent: 'Bob' })).toEqual([]);
    expect(await find({ text: 'ringtone', number: '900017', status: 'ended' })).toEqual([]);

    // A search that runs out of time continues at the cursor.
    let now = 0;
    const impatient = await listCalls(
      store,
      { limit: 5, text: '"c77"' },
      { ...clocks, elapsed: () => (now += 300) },
    );
    expect(impatient).toMatchObject({ calls: [], next: expect.stringMatching(/^\d+-\d+$/) });

    expect(await callsByStatus(store, clocks.now)).toEqual({ started: 0, ringing: 121, 'in-call': 0 });

    // Field names are not searched.
    expect(await find({ text: 'direction' })).toEqual([]);

    // The live calls have been silent for longer than any call lasts.
    const later = { ...clocks, now: () => soon + 3 * 3_600_000 };
    expect(await callsByStatus(store, later.now)).toEqual({ started: 0, ringing: 0, 'in-call': 0 });
    expect((await listCalls(store, { limit: 9, status: 'ringing' }, later)).calls).toEqual([]);
    expect((await listCalls(store, { limit: 9, status: 'ended' }, later)).calls).toHaveLength(9);
    const [first] = (await listCalls(store, { limit: 9, since: 600_000 }, later)).calls.filter(
      ({ end }) => end === 'unknown',
    );
    expect(first).toMatchObject({ id: 'CON-1200', status: 'ended', endedAt: null });
  });

  it('searches large entries few at once, and skips none', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    const large = 'x'.repeat(400_000);
    for (let index = 0; index < 12; index++) {
      // Every entry has the text, but only some as a whole value.
      const note = index % 3 === 0 ? ['find me', large] : `do not find me ${large}`;
      await append(event({ ...statusOf(`c${index}`, 'started', 0, `CON-${index >> 1}`), note }));
    }
    const { store: observed, largestRead } = measured(store);
    expect((await all(observed, { limit: 10, text: '"find me"' })).indexes).toEqual([4, 3, 1, 0]);
    expect(largestRead()).toBeLessThan(3_000_000);
  });

  it('finds a text however many entries only seem to have it', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    const events = Array.from({ length: 10_050 }, (_, index) =>
      // As a name, which is not searched.
      event({ ...statusOf('c1', 'started', index, 'CON-1'), [index < 10_020 ? 'ringtone' : 'other']: 1 }),
    );
    await Promise.all(events.slice(0, 9_000).map((each) => append(each)));
    await Promise.all(events.slice(9_000).map((each) => append(each)));
    await append(event({ ...statusOf('c2', 'started', 0, 'CON-2'), note: 'ringtone' }));
    expect((await all(store, { limit: 10, text: 'ringtone' })).indexes).toEqual([2]);
  });

  it('is empty without calls', async () => {
    const store = await stores.open(await stores.place());
    const odd = '\0\ud800\\%_';
    const none = { calls: [], next: null, newestEntryId: 0 };
    const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));
    expect(await listCalls(store, { limit: 50 })).toEqual({ ...none, outcomes });
    expect(
      await listCalls(store, { limit: 50, text: 'x', number: '1', agent: 'a', status: 'in-call' }),
    ).toEqual(none);
    expect(await listCalls(store, { limit: 50, text: odd, number: odd, agent: odd })).toEqual(none);
    expect(await readCall(store, odd)).toBeUndefined();
    expect(await callsByStatus(store)).toEqual({ started: 0, ringing: 0, 'in-call': 0 });
  });

  it('recognises its own cursors, and starts over with any other', async () => {
    expect(['0-1', '1774819206000-99'].map(isCursor)).toEqual([true, true]);
    expect(['', '1', '1-2-3', '-1', "1-2'", `${'9'.repeat(16)}-1`].map(isCursor)).toEqual(
      Array(6).fill(false),
    );
    const store = await stores.open(await stores.place());
    expect((await listCalls(store, { limit: 1, cursor: 'x' })).calls).toEqual([]);
  });
});

async function all(store: Store, filter: CallFilter) {
  const indexes: number[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const { calls, next } = await listCalls(store, { ...filter, cursor }, clocks);
    indexes.push(...calls.map(indexOf));
    pages += 1;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return { indexes, pages };
}
