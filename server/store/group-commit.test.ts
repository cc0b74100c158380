import { describe, expect, it } from 'vitest';
import { createGroupCommit, type GroupLimits } from './group-commit.ts';
import { StoreUnavailable } from './store-unavailable.ts';

const limits: GroupLimits = {
  batch: { items: 4, size: 40 },
  queue: { items: 10, size: 100 },
};

/** A commit that the test completes. */
function heldCommit() {
  const groups: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const waiters: (() => void)[] = [];
  const group = createGroupCommit(
    (items: readonly string[]) => {
      const { promise, resolve } = Promise.withResolvers<string[]>();
      groups.push(items);
      ends.push(() => resolve(items.map((item) => item.toUpperCase())));
      for (const waiter of waiters.splice(0)) waiter();
      return promise;
    },
    (item) => item.length,
    limits,
  );
  return {
    ...group,
    groups,
    begun: () => new Promise<void>((resolve) => waiters.push(resolve)),
    end: () => ends.shift()?.(),
  };
}

/** A commit that fails as the test specifies. */
function failingCommit(fail: (items: readonly string[]) => Error | undefined) {
  const groups: (readonly string[])[] = [];
  const group = createGroupCommit(
    async (items: readonly string[]) => {
      groups.push(items);
      const error = fail(items);
      if (error) throw error;
      return items;
    },
    (item) => item.length,
    limits,
  );
  return { ...group, groups };
}

const wordsOf = (settled: PromiseSettledResult<string>[]) =>
  settled.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason.message)));

describe('items', () => {
  it('added in one turn form a group, and items added meanwhile form the next', async () => {
    const { add, begun, end, groups } = heldCommit();
    const first = [add('a'), add('b')];
    await begun();
    const second = [add('c'), add('d'), add('e')];
    const next = begun();
    end();
    expect(await Promise.all(first)).toEqual(['A', 'B']);
    await next;
    end();
    expect(await Promise.all(second)).toEqual(['C', 'D', 'E']);
    expect(groups).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  it('are not acknowledged before the commit completes', async () => {
    const { add, begun, end } = heldCommit();
    let acknowledged = false;
    const done = add('a').then(() => {
      acknowledged = true;
    });
    await begun();
    await new Promise(setImmediate);
    expect(acknowledged).toBe(false);
    end();
    await done;
  });

  it('are limited in number and size per group', async () => {
    const { add, groups } = failingCommit(() => undefined);
    const large = 'x'.repeat(30);
    const largest = 'y'.repeat(90);
    await Promise.all(['a', 'b', 'c', 'd', 'e', large, large].map(add));
    await add(largest);
    expect(groups).toEqual([['a', 'b', 'c', 'd'], ['e', large], [large], [largest]]);
  });

  it('are rejected at once while the queue is full', async () => {
    const { add, begun, end, close } = heldCommit();
    const taken = [add('first')];
    await begun();
    for (let index = 0; index < 10; index++) taken.push(add('x'));
    await expect(add('y')).rejects.toThrow(StoreUnavailable);
    for (let left = 4; left > 0; left--) {
      end();
      await new Promise(setImmediate);
    }
    await Promise.all(taken);
    await expect(add('z'.repeat(101))).rejects.toThrow('Too much waits');
    await close();
  });

  it('survive one broken connection, and are rejected while the store is down', async () => {
    let faults = 1;
    const once = failingCommit(() => (faults-- > 0 ? new StoreUnavailable('gone') : undefined));
    expect(await once.add('a')).toBe('a');
    const always = failingCommit(() => new StoreUnavailable('gone'));
    const settled = await Promise.allSettled(['a', 'b'].map(always.add));
    expect(wordsOf(settled)).toEqual(['gone', 'gone']);
    expect(always.groups).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('are committed even if one of them is invalid', async () => {
    const { add } = failingCommit((items) => (items.includes('poison') ? new Error('ugh') : undefined));
    const settled = await Promise.allSettled(['a', 'poison', 'b', 'c'].map(add));
    expect(wordsOf(settled)).toEqual(['a', 'ugh', 'b', 'c']);
    expect(await add('d')).toBe('d');
  });

  it('that were accepted are settled before closing, and no more are accepted', async () => {
    const { add, begun, end, close } = heldCommit();
    const taken = add('a');
    await begun();
    const closed = close();
    await expect(add('b')).rejects.toThrow(StoreUnavailable);
    end();
    await closed;
    expect(await taken).toBe('A');
  });
});
