import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { simulate } from '../../support/simulation.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam } from '../../support/team.ts';
import { COUNTED, tableOf } from '../../support/witness.ts';

const FAULTS: FaultInput[] = [
  { fault: 'duplicate', chance: 0.05 },
  { fault: 'reorder', chance: 0.05 },
  { fault: 'delay', chance: 0.05 },
  { fault: 'rest-error', chance: 0.05 },
  { fault: 'drop', webhook: 'completed', chance: 0.05 },
];

const TIMEOUT = { timeout: 1_800_000 };

type Result = Awaited<ReturnType<typeof simulate>>;

function print(title: string, { counted, figures }: Result): void {
  if (process.env.MODE !== 'soak') return;
  const minutes = Math.round((counted.to - counted.from) / 60_000);
  console.log(
    `${title}, ${minutes} minutes: the desk, counted from the outside, and how\n${tableOf(counted, figures)}`,
  );
}

/** What must hold whatever happens. */
function holds(
  { counted, figures, silences, stuck, unfair, mostLegs, printed }: Result,
  callers: number,
): void {
  expect(printed).not.toContain('could not decide');
  expect(silences.filter(({ hasTalked }) => !hasTalked)).toEqual([]);
  expect(unfair).toEqual([]);
  expect(stuck).toEqual([]);
  expect(mostLegs).toBe(1);
  const { offered, answered, abandoned, overflowed, callback, waiting } = counted;
  expect(offered).toBe(callers);
  expect(answered + abandoned + overflowed + callback + waiting).toBe(offered);
  expect([waiting, counted.lost, figures.lost]).toEqual([0, 0, 0]);
}

/** And what must hold as long as the store works. */
function proves(title: string, result: Result, callers: number): void {
  print(title, result);
  holds(result, callers);
  const { counted, figures, silences } = result;
  expect(silences).toEqual([]);
  for (const name of COUNTED) {
    // The desk's own times are whole milliseconds.
    expect.soft(counted[name] ?? 0, `${name} of ${title}`).toBeCloseTo(figures[name] ?? 0, 2);
  }
}

const CALLERS = rounds({ usual: 30, soak: 200 });
const SEEDS = Array.from({ length: rounds({ usual: 2, soak: 20 }) }, (_, index) => index + 1);

test.each(SEEDS)('a team takes its calls, whatever goes wrong (seed %d)', TIMEOUT, async (seed) => {
  proves(`seed ${seed}`, await simulate({ seed, callers: CALLERS, faults: FAULTS }), CALLERS);
});

test.runIf(process.env.MODE === 'soak')('so it does on a long day', TIMEOUT, async () => {
  proves('long day', await simulate({ seed: 21, callers: 1000, faults: FAULTS }), 1000);
});

describe('two servers', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 90_000);
  afterAll(() => postgres.stop());

  const seeds = [31, 32].slice(0, rounds({ usual: 1, soak: 2 }));
  test.each(seeds)('share a team and a clock, whatever goes wrong (seed %d)', TIMEOUT, async (seed) => {
    const databaseUrl = await postgres.createDatabase();
    const callers = rounds({ usual: 6, soak: 200 });
    const result = await simulate({ seed, callers, faults: FAULTS, shared: { servers: 2, databaseUrl } });
    proves(`two servers, seed ${seed}`, result, callers);
  });
});

test('a store that is down for 20 seconds cuts nobody off, and costs nobody a place', TIMEOUT, async () => {
  const result = await simulate({
    seed: 41,
    callers: CALLERS,
    hasty: 0,
    async during({ wait, store }) {
      for (let outage = 0; outage < rounds({ usual: 1, soak: 5 }); outage += 1) {
        await wait(120);
        store.works = false;
        await wait(20);
        store.works = true;
      }
    },
  });
  print('store down', result);
  holds(result, CALLERS);
});

test('for callers who wait without an agent nothing is asked of the platform', TIMEOUT, async () => {
  const callers = rounds({ usual: 20, soak: 200 });
  await using team = await startTeam({
    agents: ['Alice'],
    rules: (rules) => ({
      ...rules,
      queues: Object.fromEntries(
        Object.entries(rules.queues).map(([name, queue]) => [
          name,
          { ...queue, longestWait: 7200, nobodyAfter: 7200 },
        ]),
      ),
    }),
  });
  const all = [];
  for (let index = 0; index < callers; index += 1) {
    all.push(team.platform.call({ from: `4477009${String(index).padStart(5, '0')}` }));
    await team.wait(0.5);
  }
  await team.wait(300);
  const { queues, calls } = await team.view();
  expect(queues).toMatchObject([{ waiting: callers }]);
  expect(calls.map(({ id }) => id)).toEqual(all.map(({ leg }) => leg.uuid));
  for (const { leg } of all) expect(team.platform.silences(leg.uuid, 3)).toEqual([]);
  for (const caller of all) caller.hangUp();
  await team.until('the desk is empty', async () => (await team.view()).calls.length === 0);
  expect(team.requests).toEqual([]);
});
