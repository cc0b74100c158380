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
    },
    filter: everything,
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
  it('is waited for, then listed', async () => {
    keeper.reload();
    expect(keeper.first.value).toBe('waiting');
    await answer(0, pageOf([summary(2), summary(1)]));
    expect([keeper.first.value, ids()]).toEqual(['done', ['CON-2', 'CON-1']]);
  });

  it('does not undo what the feed told while it was on its way', async () => {
    keeper.reload();
    keeper.apply([message(summary(3)), message(summary(1, { status: 'ended', lastEntryId: 9 }))]);
    await answer(0, pageOf([summary(2), summary(1)], 'c'));
    expect(ids()).toEqual(['CON-3', 'CON-2', 'CON-1']);
    expect(keeper.list.value.rows[2]?.status).toBe('ended');
  });

  it('does not bring back what fits no more by then', async () => {
    keeper.setFilter({ ...everything, status: 'ringing' });
    keeper.apply([message(summary(1, { status: 'ended', lastEntryId: 9 }))]);
    await answer(0, pageOf([summary(2), summary(1)]));
    expect(ids()).toEqual(['CON-2']);
  });

  it('says why it failed, and can be tried again', async () => {
    keeper.reload();
    await answer(0, new ApiCallError('internal', 'No.'));
    expect(keeper.first.value).toEqual({ failure: 'internal' });
    expect(onFailure).toHaveBeenCalledWith('internal');
    keeper.reload();
    await answer(1, pageOf([summary(1)]));
    expect([keeper.first.value, ids()]).toEqual(['done', ['CON-1']]);
  });

  it('counts only where it is the one that was asked for last', async () => {
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

  it('are added, page after page, until there are no more', async () => {
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

  it('say why they could not be had, and can be tried again', async () => {
    keeper.loadMore();
    await answer(1, new ApiCallError('too-many-tries', 'No.'));
    expect([keeper.next.value, ids()]).toEqual([{ failure: 'too-many-tries' }, ['CON-9', 'CON-8']]);
    keeper.loadMore();
    await answer(2, pageOf([summary(7)]));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-9', 'CON-8', 'CON-7']]);
  });

  it('are let go of when the list is loaded anew', async () => {
    keeper.loadMore();
    keeper.reload();
    await answer(2, pageOf([summary(10)]));
    await answer(1, pageOf([summary(7)]));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-10']]);
  });
});

describe('a search, of which a page may be short or empty,', () => {
  beforeEach(async () => {
    keeper.need(3);
    keeper.reload();
    await answer(0, pageOf([], 'c1'));
  });

  it('goes on by itself until there is enough, and says so meanwhile', async () => {
    await answer(1, pageOf([summary(9)], 'c2'));
    await answer(2, pageOf([], 'c3'));
    expect(keeper.next.value).toBe('waiting');
    await answer(3, pageOf([summary(8), summary(7)], 'c4'));
    expect([keeper.next.value, ids()]).toEqual(['done', ['CON-9', 'CON-8', 'CON-7']]);
    expect(requests.map(({ cursor }) => cursor)).toEqual([null, 'c1', 'c2', 'c3']);
  });

  it('goes on when more is needed', async () => {
    await answer(1, pageOf([summary(9), summary(8), summary(7)], 'c2'));
    keeper.need(4);
    expect(requests.map(({ cursor }) => cursor)).toEqual([null, 'c1', 'c2']);
  });

  it('goes on when calls fit no more', async () => {
    await answer(1, pageOf([summary(9), summary(8), summary(7)], 'c2'));
    keeper.forget('CON-8');
    expect(requests).toHaveLength(3);
  });

  it('ends where there are no more', async () => {
    await answer(1, pageOf([]));
    expect([keeper.next.value, keeper.list.value.rest, requests.length]).toEqual(['done', null, 2]);
  });

  it('waits after a failure until somebody tries again', async () => {
    await answer(1, new ApiCallError('too-many-tries', 'No.'));
    keeper.need(10);
    expect(requests).toHaveLength(2);
    keeper.loadMore();
    expect(requests[2]?.cursor).toBe('c1');
  });

  it('is given up for another one', async () => {
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(requests[1]?.signal.aborted).toBe(true);
    await answer(1, pageOf([], 'c2'));
    await answer(2, pageOf([]));
    expect([requests.length, ids()]).toEqual([3, []]);
  });
});

it('goes on by time where rows were let go', async () => {
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
  it('that is chosen is asked for at once', () => {
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(requests.map(({ query }) => query)).toEqual([{ agent: 'Bob' }]);
  });

  it('that is typed is asked for when the typing rests', () => {
    for (const text of ['d', 'de', 'dec']) {
      keeper.setFilter({ ...everything, text });
      vi.advanceTimersByTime(200);
    }
    expect([requests.length, keeper.filter.value.text]).toEqual([0, 'dec']);
    vi.advanceTimersByTime(50);
    expect(requests.map(({ query }) => query)).toEqual([{ text: 'dec' }]);
  });

  it('keeps what is listed until its calls are there', async () => {
    keeper.reload();
    await answer(0, pageOf([summary(1)]));
    keeper.setFilter({ ...everything, agent: 'Bob' });
    expect(ids()).toEqual(['CON-1']);
    await answer(1, pageOf([]));
    expect(ids()).toEqual([]);
  });
});

it('takes a call away that the server does not know', async () => {
  keeper.reload();
  await answer(0, pageOf([summary(2), summary(1)]));
  keeper.forget('CON-2');
  expect(ids()).toEqual(['CON-1']);
});
