import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { appendEntries } from '../log/append.ts';
import { type IncomingEntry, prepare } from '../log/incoming.ts';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/test-stores.ts';
import { createProjector } from './projector.ts';
import { callDetail, entriesAfter, newestEntryId } from './queries.ts';
import { entryRow } from './rows.ts';
import { createTestIngest } from './test-ingest.ts';
import { event, statusOf } from './test-webhooks.ts';

/** What a server leaves behind that is killed as soon as it has acknowledged these. */
const appendOnly = (store: Store, entries: readonly IncomingEntry[]) =>
  appendEntries(
    store,
    entries.map((entry) => entryRow(prepare(entry))),
  );

async function openIngest(store: Store) {
  const ingest = await createTestIngest(store);
  onTestFinished(() => ingest.close());
  return ingest;
}

/** A projector that is looking into a log, and hears what is there when `answer` is called. */
async function lookInto(store: Store) {
  const [looked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Store = {
    ...store,
    async read(work) {
      const result = await store.read(work);
      looked.resolve();
      await answered.promise;
      return result;
    },
  };
  const projector = createProjector(slow, { news: () => {}, replaced: () => {} });
  projector.wake();
  await looked.promise;
  return { projector, answer: () => answered.resolve() };
}

const idsOf = (detail: Awaited<ReturnType<typeof callDetail>>) => detail?.entries.map(({ id }) => id);

describeStores('the calls', (stores) => {
  const { place, open } = stores;

  it('tell of nothing that is not projected, and after a restart of everything', async () => {
    const store = await open(await place());
    const statuses = ['started', 'answered', 'completed'];
    await appendOnly(
      store,
      statuses.map((status, second) => event(statusOf('caller', status, second))),
    );
    expect(await newestEntryId(store)).toBe(0);
    expect(await entriesAfter(store, 0, 10)).toEqual([]);
    const { settled } = await openIngest(store);
    await settled();
    expect(await newestEntryId(store)).toBe(3);
    const detail = await callDetail(store, 'CON-1');
    expect(idsOf(detail)).toEqual([1, 2, 3]);
    expect(detail?.call.status).toBe('ended');
  });

  it('tell of what another server left behind, in the order of the log', async () => {
    const here = await place();
    const [one, other] = [await open(here), await open(here)];
    const { ingest, settled, onStored } = await openIngest(one);
    const told: number[] = [];
    onStored((messages) => told.push(...messages.map(({ entry }) => entry.id)));
    await ingest(event(statusOf('caller', 'started')));
    await appendOnly(other, [
      event(statusOf('caller', 'ringing', 1)),
      event(statusOf('app-1', 'started', 1)),
    ]);
    await ingest(event(statusOf('app-1', 'answered', 2)));
    await settled();
    expect(idsOf(await callDetail(one, 'CON-1'))).toEqual([1, 2, 3, 4]);
    await expect.poll(() => told).toEqual([1, 2, 3, 4]);
  });

  it('are projected by one server at a time, and by each of what the others appended', async () => {
    const here = await place();
    const servers = [await openIngest(await open(here)), await openIngest(await open(here))];
    await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        servers[index % 2]?.ingest(event(statusOf(`leg-${index % 9}`, 'ringing', index, `CON-${index % 9}`))),
      ),
    );
    for (const { settled } of servers) await settled();
    const store = await open(here);
    const counts = await Promise.all(
      Array.from({ length: 9 }, async (_, index) => idsOf(await callDetail(store, `CON-${index}`))?.length),
    );
    expect(counts).toEqual([45, 45, 45, 45, 44, 44, 44, 44, 44]);
    expect(await newestEntryId(store)).toBe(400);
  });

  it('tell of a leg in the call that it turns out to be in, however much came between', async () => {
    const store = await open(await place());
    const others = (from: number) =>
      Array.from({ length: 600 }, (_, index) =>
        event(statusOf(`leg-${index % 50}`, 'ringing', from + index, `CON-1${index % 50}`)),
      );
    await appendOnly(store, [event({ call_uuid: 'a', status: 'human' }), ...others(0)]);
    await appendOnly(store, [event(statusOf('a', 'started', 1, 'CON-5')), ...others(1000)]);
    await appendOnly(store, [event({ call_uuid: 'a', status: 'machine', sub_state: 'beep_start' })]);
    await appendOnly(store, [event(statusOf('a', 'answered', 2, 'CON-2')), ...others(2000)]);
    const { settled } = await openIngest(store);
    await settled();
    const detail = await callDetail(store, 'CON-2');
    expect(detail?.entries.map((entry) => entry.type === 'event' && entry.payload.status)).toEqual([
      'human',
      'machine',
      'answered',
    ]);
    expect(idsOf(await callDetail(store, 'CON-5'))).toHaveLength(1);
    expect(await callDetail(store, 'leg:a')).toBeUndefined();
  });

  it('tell of what was added while the log was looked at, before that is said', async () => {
    const store = await open(await place());
    const { projector, answer } = await lookInto(store);
    await appendOnly(store, [event(statusOf('caller', 'started'))]);
    projector.added(0, 1);
    const settled = projector.settled();
    answer();
    await settled;
    expect(await newestEntryId(store)).toBe(1);
    await projector.close();
  });

  it('tell of what was added while the log was looked at, where that was the last thing before the end', async () => {
    const store = await open(await place());
    const { projector, answer } = await lookInto(store);
    await appendOnly(store, [event(statusOf('caller', 'started'))]);
    projector.added(0, 1);
    const closed = projector.close();
    answer();
    await closed;
    expect(await newestEntryId(store)).toBe(1);
  });

  it('pass by what somebody took out of the log', async () => {
    const store = await open(await place());
    await appendOnly(store, [event(statusOf('caller', 'started'))]);
    await store.write((transaction) => transaction.deleteFrom('entries').execute());
    const { settled, ingest } = await openIngest(store);
    await settled();
    await ingest(event(statusOf('caller', 'ringing', 1)));
    await settled();
    expect(idsOf(await callDetail(store, 'CON-1'))).toEqual([2]);
  });

  it('are left to others where there is no time for all', async () => {
    const store = await open(await place());
    const many = Array.from({ length: 10_050 }, (_, index) => event(statusOf('caller', 'ringing', index)));
    await appendOnly(store, many);
    const nobody = { news: () => {}, replaced: () => {} };
    const first = createProjector(store, nobody, { finishMs: 0 });
    first.wake();
    await first.close();
    expect(await newestEntryId(store)).toBe(10_000);
    const next = createProjector(store, nobody);
    next.wake();
    await next.close();
    expect(await newestEntryId(store)).toBe(10_050);
  });

  it('pass by an entry of which they cannot tell', async () => {
    const store = await open(await place());
    await store.write(async (transaction) => {
      await (stores.engine === 'postgres'
        ? sql`alter table calls add check (id <> 'CON-3')`
        : sql`create trigger refuse before insert on calls when new.id = 'CON-3'
              begin select raise(abort, 'poison'); end`
      ).execute(transaction);
    });
    const { ingest, settled } = await openIngest(store);
    await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        ingest(event(statusOf(`leg-${index}`, 'started', 0, `CON-${index}`))),
      ),
    );
    await settled();
    expect(await newestEntryId(store)).toBe(9);
    const told = await entriesAfter(store, 0, 10);
    expect(told.map(({ entry }) => entry.callId)).toEqual(
      [0, 1, 2, 4, 5, 6, 7, 8].map((index) => `CON-${index}`),
    );
    expect((await ingest(event(statusOf('leg-3', 'started', 0, 'CON-3')))).stored).toBe('repeated');
  });
});
