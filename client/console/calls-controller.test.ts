import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallPage } from '../../domain/api/console-api.ts';
import { ApiCallError } from '../session/request.ts';
import { MOST_ROWS } from './call-list.ts';
import { type CallsController, createCallsController } from './calls-controller.ts';
import { message, pageOf, summary } from './fake-messages.ts';
import { everything, type Query } from './filter.ts';

interface Request extends PromiseWithResolvers<CallPage> {
  query: Query;
  cursor: string | null;
  signal: AbortSignal;
}

let keeper: CallsController;
let requests: Request[];
let counts: NonNullable<CallPage['outcomes']> | null = null;
const onFailure = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onFailure.mockClear();
  requests = [];
  keeper = createCallsController({
    api: {
      calls(query, cursor, signal) {
        const request = { query, cursor, signal, ...Promise.withResolvers<CallPage>() };
        requests.push(request);
        return request.promise;
      },
      outcomes: async () => counts,
    },
    filter: everything,
    agents: () => ['Alice'],
    onFailure,
  });
});

afterEach(() => {
  keeper.close();
  vi.useRealTimers();
});

const ids = () => keeper.list.value.rows.map(({ id }) => id);

/** Answers a request, and lets the keeper take the answer. */
async function answer(index: number, page: CallPage | Error): Promise<void> {
  const request = requests[index];
  if (page instanceof Error) {
    request?.reject(page);
  } else {
    request?.resolve(page);
  }
  await request?.promise.catch(() => {});
  await Promise.resolve();
}

describe('the first page', () => {
  it('is listed when it arrives', async () => {
    keeper.reload();
    expect(keeper.first.value).toBe('waiting');
    await answer(0, pageOf([summary(2), summary(1)]));
    expect([keeper.first.value, ids()]).toEqual(['done', ['CON-2', 'CON-1']]);
  });

  it('does not undo feed messages that arrived meanwhile', async () => {
    keeper.reload();
    keeper.apply([message(summary(3)), message(summary(1, { status: 'ended', lastEntryId: 9 }))]);
    await answer(0, pageOf([summary(2), summary(1)], 'c'));
    expect(ids()).toEqual(['CON-3', 'CON-2', 'CON-1']);
    expect(keeper.list.value.rows[2]?.status).toBe('ended');
  });

  it('does not restore calls that no longer match', async () => {
    keeper.setFilter({ ...everything, status: 'ringing' });
    keeper.apply([message(summary(1, { status: 'ended', lastEntryId: 9 }))]);
    await answer(0, pageOf([summary(2), summary(1)]));
    expect(ids()).toEqual(['CON-2']);
  });

  it('says why it failed, and can be retried', async () => {
    keeper.reload();
    await answer(0, new ApiCallError('internal', 'No.'));
    expect(keeper.first.value).toEqual({ failure: 'internal' });
    expect(onFailure).toHaveBeenCalledWith('internal');
    keeper.reload();
    await answer(1, pageOf([summary(1)]));
    expect([keeper.first.value, ids()]).toEqual(['done', ['CON-1']]);
  });

  it('is used only if it is the last one requested', async () => {
    keeper.reload();
    keeper.reload();
    expect(requests[0]?.signal.aborted).toBe(true);
    await answer(1, pageOf([summary(2)]));
    await answer(0, pageOf([summary(1)]));
    expect(ids()).toEqual(['CON-2']);
    expect(onFailure).not.toHaveBeenCalled();
  });
});

describe('older calls', () => {
  beforeEach(async () => {
    keeper.need(0);
    keeper.reload();
    await answer(0, pageOf([summary(9), summary(8)], 'c1'));
  });

  it('are added page by page until there are no more', async () => {
    keeper.loadMore();
    keeper.loadMore();
    expect(requests.map(({ cursor }) => cursor)).toEqual([null, 'c1']);
    await answer(1, pageOf([summary(7)], 'c2'));
    keeper.loadMore();
    await answer(2, pageOf([summary(6)]));
    keeper.loadMore();
    expect(requests).toHaveLength(3);
    expect(ids()).toEqual(['CON-9', 'CON-8', 'CON-7', 'CON-6']);
  });

  it('say why they failed to load, and can be retried', async () => {
    keeper.loadMore();
    await answer(1, new ApiCallError('too-many-tries', 'No.'));
    expect([keeper.next.value, ids()]).toEqual([{ failure: 'too-many-tries' }, ['CON-9', 'CON-8']]);
    keeper.loadMore();
    await answer(2, pageOf([summary(7)]));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-9', 'CON-8', 'CON-7']]);
  });

  it('are dropped when the list is reloaded', async () => {
    keeper.loadMore();
    keeper.reload();
    await answer(2, pageOf([summary(10)]));
    await answer(1, pageOf([summary(7)]));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-10']]);
  });
});

describe('a search, whose pages may be short or empty,', () => {
  beforeEach(async () => {
    keeper.need(3);
    keeper.reload();
    await answer(0, pageOf([], 'c1'));
  });

  it('continues on its own until there are enough, and says so meanwhile', async () => {
    await answer(1, pageOf([summary(9)], 'c2'));
    await answer(2, pageOf([], 'c3'));
    expect(keeper.next.value).toBe('waiting');
    await answer(3, pageOf([summary(8), summary(7)], 'c4'));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-9', 'CON-8', 'CON-7']]);
    expect(requests.map(({ cursor }) => cursor)).toEqual([null, 'c1', 'c2', 'c3']);
  });

  it('continues when more are needed', async () => {
    await answer(1, pageOf([summary(9), summary(8), summary(7)], 'c2'));
    keeper.need(4);
    expect(requests.map(({ cursor }) => cursor)).toEqual([null, 'c1', 'c2']);
  });

  it('continues when calls no longer match', async () => {
    await answer(1, pageOf([summary(9), summary(8), summary(7)], 'c2'));
    keeper.forget('CON-8');
    expect(requests).toHaveLength(3);
  });

  it('ends when there are no more', async () => {
    await answer(1, pageOf([]));
    expect([keeper.next.value, keeper.list.value.rest, requests.length]).toEqual(['done', null, 2]);
  });

  it('waits for a retry after a failure', async () => {
    await answer(1, new ApiCallError('too-many-tries', 'No.'));
    keeper.need(10);
    expect(requests).toHaveLength(2);
    keeper.loadMore();
    expect(requests[2]?.cursor).toBe('c1');
  });

  it('is replaced by another one', async () => {
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(requests[1]?.signal.aborted).toBe(true);
    await answer(1, pageOf([], 'c2'));
    await answer(2, pageOf([]));
    expect([requests.length, ids()]).toEqual([3, []]);
  });
});

it('continues by time if rows were dropped', async () => {
  keeper.reload();
  await answer(0, pageOf([]));
  keeper.apply(Array.from({ length: MOST_ROWS + 1 }, (_, index) => message(summary(index))));
  const oldest = keeper.list.value.rows.at(-1);
  keeper.loadMore();
  expect([requests[1]?.cursor, Date.parse(requests[1]?.query.until ?? '')]).toEqual([
    null,
    (oldest?.firstSeenAt ?? 0) + 1,
  ]);
});

describe('a filter', () => {
  it('that is selected is applied immediately', () => {
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(requests.map(({ query }) => query)).toEqual([{ agent: 'Bob' }]);
  });

  it('that is typed is applied when typing pauses', () => {
    for (const text of ['d', 'de', 'dec']) {
      keeper.setFilter({ ...everything, text });
      vi.advanceTimersByTime(200);
    }
    expect([requests.length, keeper.filter.value.text]).toEqual([0, 'dec']);
    vi.advanceTimersByTime(50);
    expect(requests.map(({ query }) => query)).toEqual([{ text: 'dec' }]);
  });

  it('keeps the list until its calls have loaded', async () => {
    keeper.reload();
    await answer(0, pageOf([summary(1)]));
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(ids()).toEqual(['CON-1']);
    await answer(1, pageOf([]));
    expect(ids()).toEqual([]);
  });
});

it('removes a call that the server does not know', async () => {
  keeper.reload();
  await answer(0, pageOf([summary(2), summary(1)]));
  keeper.forget('CON-2');
  expect(ids()).toEqual(['CON-1']);
});

it('counts the outcomes again some time after calls ended, however many', async () => {
  const none = {
    answered: 0,
    missed: 0,
    declined: 0,
    abandoned: 0,
    voicemail: 0,
    callback: 0,
    closed: 0,
    failed: 0,
    unknown: 0,
  };
  keeper.reload();
  await answer(0, { ...pageOf([]), outcomes: none });
  expect(keeper.outcomes.value).toEqual(none);
  counts = { ...none, missed: 2 };
  for (const number of [1, 2])
    keeper.apply([message(summary(number, { status: 'ended', end: 'caller-gave-up' }))]);
  expect(keeper.outcomes.value).toEqual(none);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(keeper.outcomes.value).toEqual(counts);
});
