import { expect, it } from 'vitest';
import { callDetail, entriesAfter, newestEntryId } from '../calls/queries.ts';
import { idsOf, openServer } from '../calls/test-server.ts';
import { answer, event, statusOf } from '../calls/test-webhooks.ts';
import { describeStores } from '../store/test-stores.ts';

describeStores('a log', (stores) => {
  const { place } = stores;

  it('keeps a webhook as it came, and the call that it tells of', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const payload = { ...statusOf('caller', 'ringing'), zeta: null, alpha: ['é', { b: 1, a: '"\\\u0000' }] };
    const request = { uuid: 'caller', conversation_uuid: 'CON-1', from: '447700900000', to: '442038297050' };
    expect(await ingest(event(payload, { took: 1.25, requestId: 'r1', jti: 'j1' }))).toEqual({
      id: 1,
      stored: 'new',
    });
    await ingest(answer(request, { requestId: 'r2', receivedAt: 99 }));
    const detail = await callDetail(store, 'CON-1');
    const common = { callId: 'CON-1', replayed: false };
    expect(detail?.entries).toEqual([
      {
        ...common,
        id: 1,
        type: 'event',
        kind: 'status',
        method: 'POST',
        took: 1.25,
        requestId: 'r1',
        receivedAt: 1774819206000,
        payload,
      },
      {
        ...common,
        id: 2,
        type: 'answer',
        method: 'GET',
        took: 0.5,
        requestId: 'r2',
        receivedAt: 99,
        request,
        ncco: answer({}).ncco,
      },
    ]);
    const [first] = detail?.entries ?? [];
    expect(first?.type === 'event' && Object.keys(first.payload)).toEqual(Object.keys(payload));
    expect(detail?.call).toMatchObject({
      id: 'CON-1',
      from: '447700900000',
      to: '442038297050',
      status: 'started',
    });
    expect(await callDetail(store, 'CON-2')).toBeUndefined();
  });

  it('stores what is delivered twice once: in one commit, later, elsewhere and after a restart', async () => {
    const here = await place();
    const [one, other] = [await openServer(stores, here), await openServer(stores, here)];
    const ringing = event(statusOf('caller', 'ringing'));
    const started = event(statusOf('caller', 'started'));
    const outcomes = await Promise.all([ringing, ringing, started, ringing].map(one.ingest));
    expect(outcomes).toEqual([
      { id: 1, stored: 'new' },
      { id: 1, stored: 'repeated' },
      { id: 2, stored: 'new' },
      { id: 1, stored: 'repeated' },
    ]);
    expect(await one.ingest(ringing)).toEqual({ id: 1, stored: 'repeated' });
    expect(await other.ingest(started)).toEqual({ id: 2, stored: 'repeated' });
    await Promise.all([one.close(), other.close()]);
    const again = await openServer(stores, here);
    expect(await again.ingest(ringing)).toEqual({ id: 1, stored: 'repeated' });
    expect(await newestEntryId(again.store)).toBe(2);
  });

  it('stores a question with the same token once, and what is sent again on purpose each time', async () => {
    const { ingest } = await openServer(stores, await place());
    const payload = statusOf('caller', 'ringing');
    await ingest(event(payload, { jti: 'a' }));
    for (const stored of ['new', 'repeated']) {
      const question = answer(
        { uuid: 'caller', conversation_uuid: 'CON-1' },
        { jti: 'a', requestId: stored },
      );
      expect((await ingest(question)).stored).toBe(stored);
    }
    for (const requestId of ['1', '2']) {
      const again = await ingest(event(payload, { replayed: true, requestId, jti: requestId }));
      expect(again.stored).toBe('new');
    }
  });

  it('gives ids without a gap, in the order of the commits', async () => {
    const here = await place();
    const servers = [await openServer(stores, here), await openServer(stores, here)];
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        servers[index % 2]?.ingest(event(statusOf('caller', 'ringing', index, `CON-${index % 7}`))),
      ),
    );
    const ids = outcomes.map((outcome) => outcome?.id ?? 0).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    const read = await entriesAfter(servers[0]?.store ?? never(), 100, 50);
    expect(idsOf(read)).toEqual(Array.from({ length: 50 }, (_, index) => 101 + index));
  });

  it('brings an event that names only its leg home, in whatever order', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const human = { call_uuid: 'app-1', status: 'human', timestamp: '2026-03-29T21:20:09.000Z' };
    await ingest(event(human));
    expect((await callDetail(store, 'leg:app-1'))?.call.legs).toMatchObject([{ machine: 'human' }]);
    await ingest(event(statusOf('app-1', 'started')));
    expect(await callDetail(store, 'leg:app-1')).toBeUndefined();
    const detail = await callDetail(store, 'CON-1');
    expect(detail?.entries.map(({ id, callId }) => [id, callId])).toEqual([
      [1, 'CON-1'],
      [2, 'CON-1'],
    ]);
    expect(detail?.call.legs).toMatchObject([{ uuid: 'app-1', machine: 'human', status: 'started' }]);
    // And so it is known again, and the next one goes there at once.
    expect(await ingest(event(human))).toEqual({ id: 1, stored: 'repeated' });
    await ingest(event({ ...human, status: 'machine', timestamp: '2026-03-29T21:20:10.000Z' }));
    expect((await callDetail(store, 'CON-1'))?.call.legs).toMatchObject([{ machine: 'machine' }]);
  });

  it('takes an event that came with and without the name of its call for one', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const bare = statusOf('app-1', 'answered', 3, null);
    await ingest(event(bare));
    const whole = { ...bare, conversation_uuid: 'CON-1' };
    await Promise.all([ingest(event(whole)), ingest(event(statusOf('app-1', 'started')))]);
    expect((await callDetail(store, 'CON-1'))?.entries).toHaveLength(2);
    expect(await ingest(event(bare))).toMatchObject({ stored: 'repeated' });
  });

  it('gives a leg that was transferred to the same call in whatever order', async () => {
    const moves = [
      statusOf('app-1', 'started', 0, 'CON-2'),
      statusOf('app-1', 'answered', 1, 'CON-1'),
      { call_uuid: 'app-1', status: 'human', timestamp: '2026-03-29T21:20:09.000Z' },
    ];
    const tell = async (order: readonly number[]) => {
      const { ingest, store } = await openServer(stores, await place());
      for (const index of order) await ingest(event(moves[index] ?? {}));
      const details = [await callDetail(store, 'CON-1'), await callDetail(store, 'CON-2')];
      return details.map((detail) => detail?.call);
    };
    const told = await tell([0, 1, 2]);
    expect(told[0]?.legs).toMatchObject([{ machine: 'human' }]);
    for (const order of [
      [2, 0, 1],
      [1, 2, 0],
    ])
      expect(await tell(order)).toEqual(told);
  });

  it('takes whatever a webhook can hold', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const odd = `${'\u{1f600}'.repeat(120)}\ud800\0'";--`;
    const payloads = [
      {
        uuid: odd,
        conversation_uuid: odd,
        status: odd,
        timestamp: odd,
        from: odd.repeat(9),
        to: odd.repeat(9),
      },
      {
        uuid: '語'.repeat(256),
        conversation_uuid: '語'.repeat(256),
        status: 'started',
        from: '語'.repeat(512),
        to: '語'.repeat(512),
      },
      { uuid: 'a', status: 'x', huge: 'y'.repeat(500_000) },
      { recording_uuid: odd, recording_url: odd },
      { uuid: '', conversation_uuid: null },
    ];
    const outcomes = await Promise.all(
      payloads.map((payload) => ingest(event(payload, { jti: odd + payload.uuid }))),
    );
    expect(outcomes.map(({ stored }) => stored)).toEqual(payloads.map(() => 'new'));
    const read = await entriesAfter(store, 0, 10);
    expect(read.map(({ entry }) => entry.type === 'event' && entry.payload)).toEqual(payloads);
  });

  it('shows the newest of a call that has too much to be shown', async () => {
    const { ingest, store } = await openServer(stores, await place());
    const huge = 'x'.repeat(500_000);
    for (let index = 0; index < 20; index++) {
      await ingest(event({ ...statusOf('caller', 'ringing', index), huge }));
    }
    const ids = (await callDetail(store, 'CON-1'))?.entries.map(({ id }) => id) ?? [];
    expect(ids).toEqual(Array.from({ length: 15 }, (_, index) => 6 + index));
  });
});

function never(): never {
  throw new Error('There are two servers.');
}
