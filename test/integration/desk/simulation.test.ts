import { expect, test } from 'vitest';
import { type Desk, offersOf, reservationOf } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { evolve } from '../../../domain/desk/evolve.ts';
import { type Figures, figuresOf } from '../../../domain/desk/figures.ts';
import { isWaiting } from '../../../domain/desk/matching.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam } from '../../support/team.ts';

const AGENTS = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'];

const FAULTS: FaultInput[] = [
  { fault: 'duplicate', chance: 0.05 },
  { fault: 'reorder', chance: 0.05 },
  { fault: 'delay', chance: 0.05 },
  { fault: 'rest-error', chance: 0.05 },
  { fault: 'drop', webhook: 'completed', chance: 0.05 },
];

/** A team whose agents reject one call in ten, and callers with more or less patience. */
async function simulate(seed: number, callers: number, faults: FaultInput[]) {
  await using team = await startTeam({ agents: AGENTS, seed, platform: { faults } });
  const { world } = team.platform;
  for (const name of AGENTS) {
    team.page(name);
    team.treats(name, () =>
      world.random() < 0.1
        ? { does: 'reject', after: [1, 3] }
        : { does: 'answer', after: [1, 6], hangUpAfter: [20, 90] },
    );
  }
  let over = 0;
  const silences: unknown[] = [];
  for (let index = 0; index < callers; index += 1) {
    await team.wait(5 + world.random() * 10);
    const caller = team.platform.call({ from: `4477009${String(index).padStart(5, '0')}` });
    const patience = 20 + world.random() * 300;
    const giveUp = world.after(patience * 1000, () => caller.hangUp());
    void caller.until('connected').then(giveUp, () => {});
    void caller.over.then(() => {
      over += 1;
      silences.push(...team.platform.silences(caller.leg.uuid, 3));
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
  return { events, silences, printed: team.printed() };
}

/** Whether the desk served callers in their order and gave no agent two calls, seen from what it did. */
function unfairness(events: readonly DeskEvent[]): string[] {
  const faults: string[] = [];
  let desk: Desk = { agents: new Map(), calls: new Map(), reservations: new Map() };
  for (const event of events) {
    if (event.kind === 'offered') {
      const chosen = desk.calls.get(event.call);
      for (const other of desk.calls.values()) {
        if (chosen === undefined || other.id === event.call || !isWaiting(other)) continue;
        const isEarlier = other.enqueuedAt < chosen.enqueuedAt;
        const hears = other.turnBy >= event.at && other.notBefore <= event.at;
        const isKept = other.keptFor !== null && other.keptFor.until > event.at;
        const mayHave =
          !other.refusedBy.includes(event.agent) && !(isKept && other.keptFor?.agent !== event.agent);
        const isChosenKept = chosen.keptFor !== null && chosen.keptFor.until > event.at;
        if (isEarlier && hears && mayHave && !isChosenKept && offersOf(desk, other.id).length === 0) {
          faults.push(`${event.agent} was offered ${event.call} before ${other.id}`);
        }
      }
      if (reservationOf(desk, event.agent) !== undefined)
        faults.push(`${event.agent} was offered a second call`);
    }
    desk = evolve(desk, event);
  }
  return faults;
}

const CALLERS = rounds({ usual: 30, soak: 200 });
const SEEDS = Array.from({ length: rounds({ usual: 2, soak: 20 }) }, (_, index) => index + 1);

test.each(SEEDS)(
  'a team takes its calls, whatever goes wrong (seed %d)',
  { timeout: 1_200_000 },
  async (seed) => {
    const { events, silences, printed } = await simulate(seed, CALLERS, FAULTS);
    expect(printed).not.toContain('could not decide');
    expect(unfairness(events)).toEqual([]);
    expect(silences).toEqual([]);
    const [first, last] = [events[0]?.at ?? 0, events.at(-1)?.at ?? 0];
    const figures = figuresOf(events, first, last + 1);
    const { offered, answered, abandoned, overflowed, callback, waiting, lost } = figures;
    expect(offered).toBe(CALLERS);
    expect(answered + abandoned + overflowed + callback).toBe(offered);
    expect([waiting, lost]).toEqual([0, 0]);
    if (process.env.MODE === 'soak') console.log(`seed ${seed}`, inWords(figures));
  },
);

function inWords({ agents, intervals, from, to, ...figures }: Figures): string {
  const minutes = Math.round((to - from) / 60_000);
  const values = Object.entries(figures).map(([name, value]) => `${name} ${round(value)}`);
  return `${minutes} minutes, ${agents.length} agents, ${intervals.length} intervals: ${values.join(', ')}`;
}

function round(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 1000) / 1000);
}
