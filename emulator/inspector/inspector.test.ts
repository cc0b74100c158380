import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeEntry } from '../traffic/testing.ts';
import { after, type FakePlatform, fakePlatform, fakeSummary } from './fakes.ts';
import { EVERYTHING } from './filter.ts';
import { createInspector, type Inspector, type InspectorOptions } from './inspector.ts';

let platform: FakePlatform;
let inspector: Inspector;
let paint: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  platform = fakePlatform([3, 2, 1].map((id) => fakeEntry({ id })));
});
afterEach(() => {
  inspector.close();
  vi.useRealTimers();
});

async function begin(options: Partial<InspectorOptions> = {}): Promise<void> {
  let waiting: (() => void)[] = [];
  paint = () => {
    const runs = waiting;
    waiting = [];
    for (const run of runs) run();
  };
  inspector = createInspector({
    api: platform.api,
    connect: platform.connect,
    after,
    beforePaint(run) {
      waiting.push(run);
      return () => {
        waiting = waiting.filter((other) => other !== run);
      };
    },
    ...options,
  });
  platform.begin();
  await settle();
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const ids = () => inspector.rows.value.map(({ id }) => id);
const opened = () => {
  const { value } = inspector.opened;
  return value.state === 'there' ? value.entry.id : value.state;
};

describe('the list', () => {
  it('is loaded completely, page by page', async () => {
    platform.pageSize = 2;
    await begin();
    expect(platform.asked).toEqual(['list', 'list before 2']);
    expect(ids()).toEqual([3, 2, 1]);
    expect(inspector.count.value).toBe(3);
    expect(inspector.loaded.value).toBe(true);
  });

  it('says why it could not be loaded', async () => {
    platform.fault = 'Nobody is there.';
    await begin();
    expect(inspector.loaded.value).toEqual({ error: 'Nobody is there.' });
  });

  it('applies everything received before a paint together', async () => {
    await begin();
    platform.tell(fakeEntry({ id: 4, revision: 10, took: null, status: null }));
    platform.tell(fakeEntry({ id: 4, revision: 11 }));
    platform.tell(fakeEntry({ id: 5, revision: 12 }));
    expect(ids()).toEqual([3, 2, 1]);
    paint();
    expect(ids()).toEqual([5, 4, 3, 2, 1]);
    expect(inspector.rows.value[1]?.status).toBe(200);
  });

  it('is not loaded again if the feed resumes', async () => {
    await begin();
    platform.asked.length = 0;
    platform.source.fail(0);
    expect(inspector.connection.value).toBe('lost');
    platform.begin(true);
    await settle();
    expect(platform.asked).toEqual([]);
    expect(ids()).toEqual([3, 2, 1]);
  });

  it('is replaced if the platform was restarted, with nothing selected', async () => {
    await begin();
    inspector.activeId.value = 3;
    platform.entries = [fakeEntry({ id: 3, what: 'another' })];
    platform.epoch = 'second';
    platform.begin();
    await settle();
    expect(ids()).toEqual([3]);
    expect(inspector.activeId.value).toBeNull();
  });

  it('keeps the selection if only the connection is new', async () => {
    await begin();
    inspector.activeId.value = 3;
    platform.begin();
    await settle();
    expect(inspector.activeId.value).toBe(3);
  });

  it('can be filtered', async () => {
    platform.entries = [fakeEntry({ id: 2, status: 500 }), fakeEntry({ id: 1 })];
    await begin({ filter: { ...EVERYTHING, outcome: 'failed' } });
    expect(ids()).toEqual([2]);
    expect(inspector.count.value).toBe(2);
    inspector.filter.value = { ...EVERYTHING, text: 'application/json' };
    expect(ids()).toEqual([]);
    await vi.advanceTimersByTimeAsync(150);
    expect(ids()).toEqual([2, 1]);
  });

  it('does not change while paused, and counts new requests', async () => {
    await begin();
    inspector.togglePause();
    platform.tell(fakeEntry({ id: 4, revision: 10 }));
    platform.tell(fakeEntry({ id: 3, revision: 11, status: 500 }));
    paint();
    expect(ids()).toEqual([3, 2, 1]);
    expect(inspector.rows.value[0]?.status).toBe(200);
    expect(inspector.held.value).toBe(1);
    inspector.togglePause();
    expect(ids()).toEqual([4, 3, 2, 1]);
    expect(inspector.rows.value[1]?.status).toBe(500);
    expect(inspector.held.value).toBeNull();
  });

  it('can be cleared', async () => {
    await begin();
    inspector.activeId.value = 2;
    await inspector.clear();
    await settle();
    expect(ids()).toEqual([]);
    expect(opened()).toBe('none');
  });
});

describe('one request', () => {
  it('opens when it is selected, also by URL', async () => {
    await begin({ activeId: 2 });
    expect(opened()).toBe(2);
    inspector.activeId.value = 1;
    expect(opened()).toBe('loading');
    await settle();
    expect(opened()).toBe(1);
  });

  it('is loaded again when it changes, and stays visible meanwhile', async () => {
    await begin();
    inspector.activeId.value = 3;
    await settle();
    platform.tell(fakeEntry({ id: 3, revision: 11, status: 500 }));
    paint();
    expect(opened()).toBe(3);
    await settle();
    expect(inspector.opened.value).toMatchObject({ entry: { status: 500 } });
  });

  it('is not loaded again when another changes', async () => {
    await begin();
    inspector.activeId.value = 3;
    await settle();
    platform.asked.length = 0;
    platform.tell(fakeEntry({ id: 4, revision: 11 }));
    paint();
    await settle();
    expect(platform.asked).toEqual([]);
  });

  it('may be gone, or fail to load', async () => {
    await begin({ activeId: 99 });
    expect(opened()).toBe('forgotten');
    platform.fault = 'Nobody is there.';
    inspector.activeId.value = 1;
    await settle();
    expect(inspector.opened.value).toEqual({ state: 'failed', error: 'Nobody is there.' });
  });

  it('is the last one selected, whichever loads first', async () => {
    const answers: (() => void)[] = [];
    const entry = (id: number) =>
      new Promise<ReturnType<typeof fakeEntry>>((resolve) => answers.push(() => resolve(fakeEntry({ id }))));
    await begin({ api: { ...platform.api, entry } });
    inspector.activeId.value = 1;
    inspector.activeId.value = 2;
    answers[1]?.();
    answers[0]?.();
    await settle();
    expect(opened()).toBe(2);
  });

  it('can be reached by moving down and up within the list', async () => {
    await begin();
    const go = (rows: number) => {
      inspector.move(rows);
      return inspector.activeId.value;
    };
    expect([go(1), go(1), go(1), go(1), go(-1)]).toEqual([3, 2, 1, 1, 2]);
    expect([go(Number.NEGATIVE_INFINITY), go(-1), go(Number.POSITIVE_INFINITY)]).toEqual([3, 3, 1]);
    const goFromNowhere = (rows: number) => {
      inspector.activeId.value = null;
      return go(rows);
    };
    expect([1, -1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(goFromNowhere)).toEqual([
      3, 1, 3, 1,
    ]);
    inspector.filter.value = { ...EVERYTHING, call: 'none' };
    expect(go(1)).toBeNull();
  });
});

describe('sending again', () => {
  it('selects the new request as soon as it is known', async () => {
    let answer = () => {};
    const resend = (id: number) =>
      new Promise<ReturnType<typeof fakeEntry>>((resolve) => {
        answer = () => resolve(fakeEntry({ id: 4, repeats: id, revision: 11 }));
      });
    await begin({ api: { ...platform.api, resend }, activeId: 2 });
    const resent = inspector.resend(2);
    platform.tell(fakeEntry({ id: 4, repeats: 2, revision: 10, took: null, status: null }));
    paint();
    expect(inspector.activeId.value).toBe(4);
    inspector.activeId.value = 1;
    answer();
    expect(await resent).toMatchObject({ id: 4, status: 200 });
    // Who has gone on meanwhile is not called back.
    expect(inspector.activeId.value).toBe(1);
  });

  it('does not select what someone else sent again', async () => {
    await begin({ activeId: 2 });
    platform.source.tell('entry', fakeSummary({ id: 4, repeats: 2, revision: 10 }));
    paint();
    expect(inspector.activeId.value).toBe(2);
  });

  it('selects it even if the list is paused', async () => {
    await begin({ activeId: 2 });
    inspector.togglePause();
    await inspector.resend(2);
    expect(inspector.activeId.value).toBe(4);
  });

  it('that fails changes nothing', async () => {
    await begin({ activeId: 2 });
    platform.fault = 'Only webhooks.';
    await expect(inspector.resend(2)).rejects.toThrow('Only webhooks.');
    expect(inspector.activeId.value).toBe(2);
  });
});

it('ignores the feed and requests nothing after it is closed', async () => {
  await begin();
  platform.asked.length = 0;
  inspector.close();
  expect(platform.source.isClosed).toBe(true);
  inspector.activeId.value = 1;
  inspector.filter.value = { ...EVERYTHING, text: 'pear' };
  await vi.advanceTimersByTimeAsync(1000);
  expect(platform.asked).toEqual([]);
});
