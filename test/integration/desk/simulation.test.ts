import { expect, test } from 'vitest';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { startTeam } from '../../support/team.ts';

const AGENTS = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'];

const FAULTS: FaultInput[] = [
  { fault: 'duplicate', chance: 0.05 },
  { fault: 'reorder', chance: 0.05 },
  { fault: 'delay', chance: 0.05 },
  { fault: 'rest-error', chance: 0.05 },
];

/** A team whose agents reject one call in ten, and callers with more or less patience. */
async function simulate(seed: number, callers: number, faults: FaultInput[]) {
  await using team = await startTeam({ agents: AGENTS, seed, platform: { faults } });
  const { world } = team.platform;
  for (const name of AGENTS) {
    team.page(name);
    const change = () => {
      team.platform.agent(
        name,
        world.random() < 0.1
          ? { does: 'reject', after: [1, 3] }
          : { does: 'answer', after: [1, 6], hangUpAfter: [20, 90] },
      );
      world.after(20_000, change);
    };
    change();
  }
  let over = 0;
  for (let index = 0; index < callers; index += 1) {
    await team.wait(5 + world.random() * 10);
    const caller = team.platform.call({ from: `4477009${String(index).padStart(5, '0')}` });
    const patience = 20 + world.random() * 300;
    const giveUp = world.after(patience * 1000, () => caller.hangUp());
    void caller.until('connected').then(giveUp, () => {});
    void caller.over.then(() => {
      over += 1;
    });
  }
  await team.until('all calls are over', () => over === callers, 1200);
  await team.until('the desk is empty', async () => (await team.view()).calls.length === 0, 120);
  await team.until(
    'all agents are free',
    async () => (await team.view()).agents.every(({ load }) => load === 'free'),
    120,
  );
  const events = await team.events();
  return { events, printed: team.printed() };
}

function count(events: readonly DeskEvent[], holds: (event: DeskEvent) => boolean): number {
  return events.filter(holds).length;
}

test.each([1, 2, 3])(
  'a team takes forty calls, whatever goes wrong (seed %d)',
  { timeout: 120_000 },
  async (seed) => {
    const { events, printed } = await simulate(seed, 40, FAULTS);
    expect(printed).not.toContain('could not decide');
    const entered = count(events, ({ kind }) => kind === 'entered');
    expect(entered).toBe(40);
    const answered = new Set(events.flatMap((event) => (event.kind === 'connected' ? [event.call] : [])));
    const left = new Map(
      events.flatMap((event) => (event.kind === 'left' ? [[event.call, event.exit]] : [])),
    );
    expect(left.size).toBe(40);
    const unanswered = [...left].filter(([call]) => !answered.has(call)).map(([, exit]) => exit);
    expect(answered.size + unanswered.length).toBe(entered);
    expect(unanswered.every((exit) => exit !== 'completed' && exit !== 'lost')).toBe(true);
  },
);
