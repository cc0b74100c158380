import { expect } from 'vitest';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import { agent, eventsOf, figuresSoFar, heard, isOver, open, scenario } from '../../support/scenario.ts';
import type { Team } from '../../support/team.ts';

const NINE_TO_FIVE = [{ from: 9 * 60, to: 17 * 60 }];

/** Saturday, five minutes before closing time; in the night to Sunday the clocks go back, and Sunday is a holiday. */
const START = Date.parse('2026-10-24T16:55:00+01:00');
const MONDAY = Date.parse('2026-10-26T09:00:00Z');

const rules = (given: DeskRules): DeskRules => ({
  ...given,
  queues: Object.fromEntries(
    Object.entries(given.queues).map(([name, queue]) => [
      name,
      {
        ...queue,
        callback: true,
        hours: {
          zone: 'Europe/London',
          week: Array.from({ length: 7 }, () => NINE_TO_FIVE),
          exceptions: { '2026-10-25': [] },
          untilEmpty: true,
        },
      },
    ]),
  ),
});

/** Seven callers wait for Alice, and the last of them asks to be called back. */
async function book(team: Team) {
  const [page] = await open(team, 'Alice');
  for (let index = 0; index < 8; index += 1) {
    team.call({ from: `44770090012${index}` });
    await team.wait(1);
  }
  const last = team.callers.at(-1);
  if (last === undefined) throw new Error('Nobody called.');
  await team.until(
    'the place is told',
    () => heard(team, last).some((text) => text.includes('number 7')),
    60,
  );
  // The keys are told to who listens for them at the end of the music.
  await team.until('the music has begun', () => heard(team, last).at(-1) === 'music', 30);
  last.press('1');
  await last.over;
  return { page, last };
}

const callbackIn = async (team: Team) => (await team.view()).calls.find(({ id }) => id.startsWith('cb'));

scenario(
  'a caller who asks to be called back is, in the next open minute and in turn, and again when she is busy',
  { agents: ['Alice'], start: START, rules, isLong: true },
  async (team) => {
    const { clock } = team.platform;
    team.platform.agent('Alice', { does: 'answer', after: [1, 3] });
    const { page, last } = await book(team);
    expect(heard(team, last).at(-1)).toMatch(/we will call you back on the number that ends with 1 2 7/);
    for (const caller of team.callers.slice(1, -1)) caller.hangUp();
    // Closing time comes while Alice talks.
    await team.wait((START + 10 * 60_000 - clock.now()) / 1000);
    team.callers[0]?.hangUp();
    await team.until('Alice is free', async () => (await agent(team, 'Alice'))?.load === 'free', 20);
    await team.wait(60);
    expect((await eventsOf(team, 'offered')).length).toBe(1);
    expect((await team.view()).queues, 'nobody waits on the line').toMatchObject([{ waiting: 0 }]);
    page?.close();
    await team.wait((MONDAY - 60_000 - clock.now()) / 1000);
    const phone = team.platform.phone('447700900127', { does: 'busy' });
    await open(team, 'Alice');
    await team.wait((MONDAY - 1000 - clock.now()) / 1000);
    expect((await eventsOf(team, 'offered')).length).toBe(1);
    await team.until('Alice sees who it is for', async () => (await team.seenBy('Alice')).offer !== null, 60);
    expect(clock.now()).toBeGreaterThanOrEqual(MONDAY);
    expect((await team.seenBy('Alice')).offer).toMatchObject({
      call: (await callbackIn(team))?.id,
      from: '447700900127',
    });

    // Busy twice; the second time, somebody else has called before Alice is there again.
    const tries = async () => (await eventsOf(team, 'customer not reached')).length;
    const chose = (choice: 'away' | 'available') =>
      team.desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice, reason: null }, after: 'now' });
    await team.until('she is busy', async () => (await tries()) === 1, 30);
    await team.wait(280);
    await chose('away');
    const late = team.call({ from: '447700900999' });
    await team.wait(30);
    await chose('available');
    expect((await team.seenBy('Alice')).offer).toMatchObject({ from: '447700900127' });
    await team.until('she is busy again', async () => (await tries()) === 2, 30);
    late.hangUp();
    phone.rule = { does: 'answer', after: 2 };
    await team.wait(14 * 60);
    await team.until('they talk', async () => (await callbackIn(team))?.state === 'talking', 120);
    const busy = await eventsOf(team, 'customer not reached');
    expect(busy.map(({ at, notBefore }) => Math.round((notBefore - at) / 60_000))).toEqual([5, 15]);
    await team.wait(20);
    phone.hangUp();
    await team.until('the call is over', isOver(team), 10);
    expect(figuresSoFar(await team.events())).toMatchObject({ callback: 1 });
    const exits = (await eventsOf(team, 'left')).filter((each) => each.call.startsWith('cb'));
    expect(exits).toMatchObject([{ exit: 'completed', by: 'caller' }]);
  },
);
