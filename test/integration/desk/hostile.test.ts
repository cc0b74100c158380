import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { agent, isOver, open, scenario, talks } from '../../support/scenario.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** What others send to the desk that it must outlive, on the database that takes the least. */
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

function send(team: Team, method: string, path: string, body?: object): Promise<number> {
  const sending = fetch(`${team.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).then(({ status }) => status);
  return team.platform.clock.during(sending);
}

scenario(
  'a note with characters that no database stores keeps nobody from the next call',
  { agents: ['Alice'], shared: async () => ({ databaseUrl: await postgres.createDatabase(), servers: 1 }) },
  async (team) => {
    team.treats('Alice', () => ({ does: 'answer', after: [1, 2] }));
    await open(team, 'Alice');
    const caller = team.call();
    await team.until('they talk', talks(team, caller, 'Alice'), 30);
    const wrapUp = { agent: 'Alice', does: 'note', outcome: 'so\0lved', note: 'Owes\0 £5 \ud800' };
    expect(await send(team, 'POST', '/api/wrap-up', wrapUp)).toBe(200);
    caller.hangUp();
    await team.until('Alice is free', async () => (await agent(team, 'Alice'))?.load === 'free', 60);
    const next = team.call({ from: '447700900002' });
    await team.until('they talk', talks(team, next, 'Alice'), 30);
    next.hangUp();
    await team.until('the calls are over', isOver(team), 60);
    expect(team.printed()).not.toContain('could not decide');
  },
);

test('ids that this server never gave are refused in words, and cost nobody anything', {
  timeout: 120_000,
}, async () => {
  const shared = { databaseUrl: await postgres.createDatabase(), servers: 1 };
  await using team = await startTeam({ shared });
  const event = { uuid: 'a leg', from: '447700900000', to: '442038297050', status: 'completed' };
  for (const id of ['%00', 'a%00b', 'a%0Ab', '%20a', 'x'.repeat(600)]) {
    for (const path of [
      'agent/ID',
      'next/ID',
      'guest/ID/g',
      'guest/c/ID',
      'event/ID',
      'wait/ID/1',
      'menu/ID',
    ]) {
      const address = `/voice/${path.replace('ID', id)}`;
      expect([address, await send(team, 'POST', address, event)]).toEqual([address, 404]);
    }
    expect(await send(team, 'POST', `/voice/voicemail/${id}`, event)).toBe(404);
  }
  for (const [method, path, status, body] of [
    ['POST', '/api/desk/calls/a%00b/control', 404, { action: 'hold' }],
    ['POST', '/api/desk/agents/a%00b/control', 404, { action: 'sign out' }],
    ['POST', '/api/desk/report', 204, { call: 'a\0b', fact: 'rang' }],
    ['PUT', '/api/choice', 200, { choice: 'away', reason: 'Lunch\0\ud800' }],
    ['GET', '/api/callers/a%00b', 200, undefined],
    ['GET', '/api/history?agent=a%00b', 200, undefined],
    ['GET', '/api/history?search=%00', 200, undefined],
    ['DELETE', '/api/callbacks/a%00b', 404, undefined],
  ] as const) {
    expect([path, await send(team, method, path, body)]).toEqual([path, status]);
  }
  expect(team.printed()).not.toMatch(/could not decide|failed:/);
});
