import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../clock.ts';
import { openStore } from '../../store/store.ts';
import { tables } from '../../tables.ts';
import { emptyFolder } from '../../testing.ts';
import { compareRules } from './compare-rules.ts';

/** Servers on one store and one clock, which goes on when all of them have looked. */
async function scene() {
  const store = await openStore({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
  onTestFinished(() => store.close());
  let now = 1_000_000;
  let timers: { at: number; fn: () => void }[] = [];
  const underWay = new Set<Promise<unknown>>();
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    during(work) {
      underWay.add(work);
      const done = () => underWay.delete(work);
      work.then(done, done);
      return work;
    },
  };
  async function settled() {
    while (underWay.size > 0) {
      await Promise.allSettled(underWay);
      // The next look is set after the one before has ended.
      await new Promise(setImmediate);
    }
  }
  return {
    server(fingerprint: string) {
      const server = { fingerprint, printed: [] as string[] };
      const print = (line: string) => void server.printed.push(line);
      const { close } = compareRules({
        store,
        clock,
        fingerprint: () => server.fingerprint,
        note: print,
        warning: print,
      });
      return Object.assign(server, { close });
    },
    async pass(seconds: number) {
      await settled();
      const end = now + seconds * 1000;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((each) => each !== next);
        now = next.at;
        next.fn();
        await settled();
      }
      now = end;
    },
  };
}

test('servers with different rules both say so once, and again when they agree', async () => {
  const at = await scene();
  const [one, two] = [at.server('aaaa'), at.server('bbbb')];
  await at.pass(60);
  expect(one.printed).toEqual([expect.stringContaining('here aaaa, there bbbb')]);
  expect(two.printed).toEqual([expect.stringContaining('here bbbb, there aaaa')]);
  two.fingerprint = 'aaaa';
  await at.pass(30);
  for (const { printed } of [one, two]) expect(printed.at(-1)).toMatch(/same desk rules again/);
  await Promise.all([one.close(), two.close()]);
});

test('servers that take up a changed file one after the other say nothing', async () => {
  const at = await scene();
  const [one, two] = [at.server('aaaa'), at.server('aaaa')];
  await at.pass(30);
  one.fingerprint = 'bbbb';
  await at.pass(5);
  two.fingerprint = 'bbbb';
  await at.pass(60);
  expect([...one.printed, ...two.printed]).toEqual([]);
  await Promise.all([one.close(), two.close()]);
});

test('servers that take up one change after the other, each a little later than the other server, say nothing', async () => {
  const at = await scene();
  const [one, two] = [at.server('0'), at.server('0')];
  await at.pass(5);
  for (let change = 1; change < 6; change += 1) {
    one.fingerprint = String(change);
    await at.pass(10);
    two.fingerprint = String(change);
  }
  await at.pass(60);
  expect([...one.printed, ...two.printed]).toEqual([]);
  await Promise.all([one.close(), two.close()]);
});

test('a server that has stopped, or was killed, is not compared with', async () => {
  const at = await scene();
  const before = at.server('aaaa');
  await at.pass(10);
  await before.close();
  const after = at.server('bbbb');
  await at.pass(60);
  expect(after.printed).toEqual([]);
  await after.close();
});
