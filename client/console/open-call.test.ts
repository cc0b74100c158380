import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallDetail } from '../../domain/api/console-api.ts';
import { callAfter } from '../../domain/calls/testing.ts';
import { ApiCallError } from '../session/request.ts';
import { message, summary } from './fake-messages.ts';
import { createOpenCall, type OpenCall } from './open-call.ts';

interface Request extends PromiseWithResolvers<CallDetail> {
  id: string;
  signal: AbortSignal;
}

let openCall: OpenCall;
let requests: Request[];
const onFailure = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onFailure.mockClear();
  requests = [];
  openCall = createOpenCall({
    api: {
      call(id, signal) {
        const request = { id, signal, ...Promise.withResolvers<CallDetail>() };
        requests.push(request);
        return request.promise;
      },
    },
    id: null,
    onFailure,
  });
});

afterEach(() => {
  openCall.close();
  vi.useRealTimers();
});

/** What is told of one call: its entries have these ids. */
const told = (...ids: number[]) => ids.map((id) => message(summary(1, { lastEntryId: id })));
const ids = () => openCall.entries.value?.map(({ id }) => id);

async function answer(
  index: number,
  entryIds: readonly number[] | Error,
  id = requests[index]?.id ?? '',
  desk?: CallDetail['desk'],
): Promise<void> {
  const request = requests[index];
  if (entryIds instanceof Error) {
    request?.reject(entryIds);
  } else {
    request?.resolve({
      call: { ...callAfter({ uuid: '1' }), id, lastHeardAt: 0 },
      entries: told(...entryIds).map(({ entry }) => entry),
      ...(desk && { desk }),
    });
  }
  await request?.promise.catch(() => {});
  await Promise.resolve();
}

describe('an open call', () => {
  beforeEach(() => openCall.open('CON-1'));

  it('has its entries once loaded', async () => {
    expect(openCall.entries.value).toBeNull();
    await answer(0, [1, 2]);
    expect(ids()).toEqual([1, 2]);
  });

  it('has each entry once, in order of ID, from the page or the feed', async () => {
    openCall.apply(told(3, 4));
    expect(openCall.entries.value).toBeNull();
    await answer(0, [1, 2, 3]);
    expect(ids()).toEqual([1, 2, 3, 4]);
    openCall.apply(told(4, 6, 5));
    expect(ids()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has no entries of other calls', async () => {
    await answer(0, [1]);
    const before = openCall.entries.value;
    openCall.apply([message(summary(9))]);
    expect(openCall.entries.value).toBe(before);
  });

  it('keeps its entries while they are reloaded', async () => {
    await answer(0, [1]);
    vi.advanceTimersByTime(200);
    openCall.reload();
    expect(ids()).toEqual([1]);
    await answer(1, [1, 2]);
    expect(ids()).toEqual([1, 2]);
  });

  it('says why it failed to load, and can be retried', async () => {
    await answer(0, new ApiCallError('not-found', 'No.'));
    expect(openCall.failure.value).toBe('not-found');
    expect(onFailure).toHaveBeenCalledWith('not-found', 'CON-1');
    vi.advanceTimersByTime(200);
    openCall.reload();
    await answer(1, [1]);
    expect([openCall.failure.value, ids()]).toEqual([null, [1]]);
  });

  it('is not requested twice if opened again', () => {
    openCall.open('CON-1');
    expect(requests).toHaveLength(1);
  });
});

it('becomes the call that it turns out to be, and shows its entries meanwhile', async () => {
  openCall.open('leg:A');
  await answer(0, [1]);
  vi.advanceTimersByTime(200);
  openCall.apply([message(summary(1, { lastEntryId: 2 }), { uuid: 'A' })]);
  expect([openCall.id.value, ids(), requests.at(-1)?.id]).toEqual(['CON-1', [1, 2], 'CON-1']);
});

it('takes the ID that the server gives', async () => {
  openCall.open('CON-9');
  await answer(0, [1], 'CON-1');
  expect([openCall.id.value, ids()]).toEqual(['CON-1', [1]]);
});

it('requests only the last of many calls passed over quickly', async () => {
  for (const id of ['CON-1', 'CON-2', 'CON-3', 'CON-4']) {
    openCall.open(id);
  }
  expect(requests.map(({ id, signal }) => [id, signal.aborted])).toEqual([['CON-1', true]]);
  vi.advanceTimersByTime(200);
  expect(requests.map(({ id }) => id)).toEqual(['CON-1', 'CON-4']);
  await answer(0, [1]);
  expect(openCall.entries.value).toBeNull();
});

it('stays closed whatever arrives', () => {
  openCall.apply([message(summary(1), { uuid: undefined }), message(summary(2))]);
  expect([openCall.id.value, requests]).toEqual([null, []]);
});

describe('a call that went through the desk', () => {
  const waits = { kind: 'waits again', call: 'leg', at: 1 } as const;
  const moves = { kind: 'queue chosen', call: 'leg', queue: 'main', moved: false, at: 0 } as const;
  const ended = { kind: 'ended', call: 'leg', at: 2 } as const;
  const agentLeg = message(summary(9), { uuid: 'agent' });
  const onAgentLeg = { ...agentLeg, entry: { ...agentLeg.entry, route: '/voice/event/0123456789abcdef' } };

  beforeEach(async () => {
    openCall.open('CON-1');
    await answer(0, [1], 'CON-1', [moves]);
  });

  it('has what the desk did', async () => {
    openCall.reload();
    vi.advanceTimersByTime(200);
    await answer(1, [1], 'CON-1', [waits]);
    expect(openCall.desk.value).toEqual([waits]);
  });

  it.each([
    ['one of its entries', () => told(2)],
    ['an entry of a leg on which the desk rings an agent', () => [onAgentLeg]],
  ])('asks again what the desk did after %s, once for many', async (_name, messages) => {
    openCall.apply(messages());
    openCall.apply(messages());
    expect(requests).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(requests).toHaveLength(2);
    await answer(1, [1, 2], 'CON-1', [waits]);
    expect(openCall.desk.value).toEqual([waits]);
    vi.advanceTimersByTime(5_000);
    expect(requests).toHaveLength(2);
  });

  it('does not ask again after entries of other calls', () => {
    openCall.apply([message(summary(9))]);
    vi.advanceTimersByTime(5_000);
    expect(requests).toHaveLength(1);
  });

  it('does not ask again after an agent is rung, once the desk has done with it', async () => {
    openCall.apply(told(2));
    vi.advanceTimersByTime(500);
    await answer(1, [1, 2], 'CON-1', [waits, ended]);
    openCall.apply([onAgentLeg]);
    vi.advanceTimersByTime(5_000);
    expect(requests).toHaveLength(2);
  });

  it('lets a request finish while entries keep coming, and asks once more after it', async () => {
    openCall.apply(told(2));
    vi.advanceTimersByTime(500);
    openCall.apply(told(3));
    vi.advanceTimersByTime(5_000);
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    await answer(1, [1, 2], 'CON-1', []);
    expect(requests).toHaveLength(3);
  });

  it('shows nothing of the desk in the call that is opened next', () => {
    openCall.open('CON-2');
    expect(openCall.desk.value).toBeNull();
  });
});

it('is not requested again where there is no desk', async () => {
  openCall.open('CON-1');
  await answer(0, [1]);
  openCall.apply(told(2));
  vi.advanceTimersByTime(5_000);
  expect(requests).toHaveLength(1);
});

it('requests nothing while no call is open, or after it is closed', () => {
  openCall.reload();
  openCall.open('CON-1');
  openCall.open('CON-2');
  openCall.open(null);
  vi.advanceTimersByTime(1_000);
  expect(requests).toHaveLength(1);
  expect(openCall.entries.value).toBeNull();
});
