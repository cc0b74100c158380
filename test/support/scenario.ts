import { expect, test } from 'vitest';
import type { VoicemailView } from '../../domain/api/desk-api.ts';
import { type Desk, reservationOf } from '../../domain/desk/desk.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { evolve } from '../../domain/desk/evolve.ts';
import { figuresOf } from '../../domain/desk/figures.ts';
import type { Caller } from '../../emulator/headless/people.ts';
import { rounds } from './soak.ts';
import { startTeam, type Team, type TeamOptions } from './team.ts';

interface ScenarioOptions extends Omit<TeamOptions, 'seed' | 'isUnsteady' | 'shared'> {
  /** Made for each run. */
  shared?: () => Promise<TeamOptions['shared']>;
  /** It takes a while: in `npm test` with one seed instead of two. */
  isLong?: boolean;
}

const SEEDS = [1, 2, 3, 4, 5];

/** A test of a desk that must hold with every seed, and, whatever it is about, what must hold of every desk. */
export function scenario(
  name: string,
  { shared, isLong = false, ...options }: ScenarioOptions,
  run: (team: Team) => Promise<void>,
): void {
  const seeds = SEEDS.slice(0, rounds({ usual: isLong ? 1 : 2, soak: SEEDS.length }));
  test.for(seeds)(`${name} (seed %d)`, { timeout: 120_000 }, async (seed) => {
    await using team = await startTeam({ ...options, seed, isUnsteady: true, shared: await shared?.() });
    await run(team);
    const events = await team.events();
    expect(team.silences()).toEqual([]);
    expect(doublyReserved(events)).toEqual([]);
    const { offered, answered, abandoned, overflowed, callback, waiting, lost } = figuresSoFar(events);
    expect(answered + abandoned + overflowed + callback + waiting).toBe(offered);
    expect([offered, lost]).toEqual([team.callers.length, 0]);
    expect(team.printed()).not.toContain('could not decide');
  });
}

/** The figures of all that the desk did. */
export function figuresSoFar(events: readonly DeskEvent[]) {
  return figuresOf(events, events[0]?.at ?? 0, (events.at(-1)?.at ?? 0) + 1);
}

/** Agents who were offered a call while they had one. */
function doublyReserved(events: readonly DeskEvent[]): string[] {
  const found: string[] = [];
  let desk: Desk = { agents: new Map(), calls: new Map(), reservations: new Map() };
  for (const event of events) {
    if (event.kind === 'offered' && reservationOf(desk, event.agent) !== undefined) found.push(event.agent);
    desk = evolve(desk, event);
  }
  return found;
}

type EventOf<Kind> = Extract<DeskEvent, { kind: Kind }>;

/** The events of one kind, in order. */
export async function eventsOf<Kind extends DeskEvent['kind']>(
  team: Team,
  kind: Kind,
): Promise<EventOf<Kind>[]> {
  const isOfKind = (event: DeskEvent): event is EventOf<Kind> => event.kind === kind;
  return (await team.events()).filter(isOfKind);
}

/** What an agent's line and load are now. */
export async function agent(team: Team, name: string) {
  return (await team.view()).agents.find((each) => each.name === name);
}

export async function call(team: Team, { leg }: Caller) {
  return (await team.view()).calls.find(({ id }) => id === leg.uuid);
}

/** Opens the pages of agents and waits until calls can ring there. */
export async function open(team: Team, ...names: string[]) {
  const pages = names.map((name) => team.page(name));
  await team.until(`${names.join(', ')} can be called`, async () => {
    const { agents } = await team.view();
    return names.every((name) => agents.find((each) => each.name === name)?.line === 'up');
  });
  return pages;
}

/** Milliseconds: as much silence comes of a webhook that is late. */
const MOMENT_MS = 200;

/** What a caller heard, in words: texts as they are, `music`, `tone`, `voice of Alice`; without moments of silence. */
export function heard(team: Team, { leg }: Caller): string[] {
  return team.platform
    .heard(leg.uuid)
    .filter(({ hears, from, to }) => hears !== 'silence' || to - from > MOMENT_MS)
    .map(({ hears, text, of }) => text ?? (hears === 'voice' ? `voice of ${of?.join(' and ')}` : hears));
}

/** Whether a caller talks to an agent, or to a certain one. */
export function talks(team: Team, caller: Caller, name?: string) {
  return async () => {
    const { state, agent: other } = (await call(team, caller)) ?? {};
    return state === 'talking' && (name === undefined || other === name);
  };
}

/** Whether no call is left. */
export function isOver(team: Team) {
  return async () => (await team.view()).calls.length === 0;
}

/** Counts the legs of an agent. */
export interface Legs {
  all: number;
  now: number;
  most: number;
}

/** Counts the legs of an agent whose calls are treated by a rule. */
export function legsOf(team: Team, name: string, rule: Parameters<Team['treats']>[1]): Legs {
  const legs = { all: 0, now: 0, most: 0 };
  team.platform.agent(name, (given) => {
    legs.all += 1;
    legs.now += 1;
    legs.most = Math.max(legs.most, legs.now);
    void given.over.then(() => {
      legs.now -= 1;
    });
    return rule(given);
  });
  return legs;
}

/** The list of messages, newest first. */
export async function messages(team: Team): Promise<VoicemailView[]> {
  const text = fetch(`${team.url}/api/voicemails`).then((response) => response.text());
  return JSON.parse(await team.platform.clock.during(text));
}
