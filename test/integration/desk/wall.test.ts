import { expect, test } from 'vitest';
import type { FigureCalls, WallView } from '../../../domain/api/wall-api.ts';
import { createTestDesk, deskRules, queueRules } from '../../../domain/desk/testing.ts';
import { viewWall } from '../../../server/routing/desk/wall-view.ts';
import { startTeam } from '../../support/team.ts';

const NO_MESSAGES = { unheard: 0, oldest: null };

/** A test desk as the wall shows it. */
function wallOf(desk: ReturnType<typeof createTestDesk>, rules = deskRules()): WallView {
  return viewWall(desk.desk, rules, [...desk.desk.agents.keys()], NO_MESSAGES, desk.now);
}

test('waiting callers come in the order in which they are served, each with its place in its queue', () => {
  const rules = deskRules(
    {},
    { queues: { main: queueRules(), vip: queueRules({ name: 'vip', priority: 60 }) } },
  );
  const desk = createTestDesk({
    ...rules,
    numbers: { '442038297051': { ...rules.otherNumbers, queue: 'vip' } },
  });
  desk.call('first');
  desk.wait(5);
  desk.call('second');
  desk.wait(5);
  desk.tell({ kind: 'call arrived', leg: 'vip', from: null, to: '442038297051', regionUrl: null });
  const { calls, queues } = wallOf(desk, rules);
  expect(calls.map(({ id, queue, place }) => [id, queue, place])).toEqual([
    ['vip', 'vip', 1],
    ['first', 'main', 1],
    ['second', 'main', 2],
  ]);
  expect(queues).toMatchObject([
    { name: 'main', waiting: 2, waitingSince: desk.now - 10_000 },
    { name: 'vip', waiting: 1, waitingSince: desk.now },
  ]);
});

test('a queue says how many agents are ready, and since when nobody is there', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.page('Bob');
  const [open] = wallOf(desk).queues;
  expect(open).toMatchObject({ ready: 2, unattendedSince: null });
  desk.call('caller');
  desk.answer('Alice');
  expect(wallOf(desk).queues[0]).toMatchObject({ ready: 1, unattendedSince: null });
  const away = { choice: 'away', reason: null } as const;
  desk.tell({ kind: 'chose', agent: 'Bob', chosen: away, after: 'now' });
  expect(wallOf(desk).queues[0]).toMatchObject({ ready: 0, unattendedSince: null });
  desk.wait(30);
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: away, after: 'now' });
  const gone = desk.now;
  desk.wait(10);
  expect(wallOf(desk).queues[0]).toMatchObject({ unattendedSince: gone });
});

test('a wall follows the desk, and a figure lists its calls', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const { clock } = team.platform;
  team.treats('Alice', () => ({ does: 'answer', after: 2 }));
  team.page('Alice');
  const wall = await clock.during(watchWall(`${team.url}/api/wall/feed`));
  try {
    await team.until('the wall shows Alice', () => wall.last()?.agents[0]?.line === 'up');
    const call = team.platform.call({ from: '447700900000', to: '442038297050' });
    await team.until('the wall shows them talking', () => wall.last()?.calls[0]?.state === 'talking');
    expect(wall.last()).toMatchObject({
      agents: [{ name: 'Alice', load: 'talking' }],
      calls: [{ from: '447700900000', agent: 'Alice', callerHears: 'agent', place: null }],
    });
    call.hangUp();
    await team.until('the wall is empty', () => wall.last()?.calls.length === 0);
  } finally {
    wall.close();
  }
  const listed = await clock.during(
    fetch(`${team.url}/api/figures/calls?figure=answered&day=0`).then((answer) => answer.text()),
  );
  const { calls, total }: FigureCalls = JSON.parse(listed);
  expect([calls.length, total]).toEqual([1, 1]);
  expect(calls[0]).toMatchObject({
    from: '447700900000',
    agent: 'Alice',
    outcome: 'answered',
    isInTime: true,
  });
});

test('a wrong query is answered in words', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  for (const query of ['day=1', 'day=-40', 'day=x', 'figure=nothing']) {
    const asked = fetch(`${team.url}/api/figures/calls?figure=answered&${query}`);
    const answer = await team.platform.clock.during(
      asked.then(async (response) => [response.status, await response.json()]),
    );
    expect(answer, query).toEqual([
      400,
      { code: 'bad-request', error: expect.stringMatching(/^(day|figure) /) },
    ]);
  }
});

/** Reads a wall's feed until it is closed. */
async function watchWall(url: string) {
  const ended = new AbortController();
  const response = await fetch(url, { signal: ended.signal });
  let last: WallView | undefined;
  async function read(): Promise<void> {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: ?(.*)$/m.exec(text.slice(0, end))?.[1];
        const isWall = /^event: ?wall$/m.test(text.slice(0, end));
        if (isWall && data !== undefined) last = JSON.parse(data);
        text = text.slice(end + 2);
      }
    }
  }
  read().catch(() => {});
  return { last: () => last, close: () => ended.abort() };
}
