import type { DeskEvent } from '../../domain/desk/events.ts';
import type { Figures } from '../../domain/desk/figures.ts';
import type { FaultInput } from '../../emulator/faults/faults.ts';
import type { AgentRule } from '../../emulator/headless/agents.ts';
import type { Caller } from '../../emulator/headless/people.ts';
import type { World } from '../../emulator/world.ts';
import { startTeam, type Team, type TeamOptions } from './team.ts';
import { createWitness, type Seen, type UnfairOffer, type Witness } from './witness.ts';

const AGENTS = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'];

/** Seconds of the built-in rules. */
const RULES = { wrapUpSeconds: 10, comeBackSeconds: 15 };
/** Seconds after her last leg by which an agent must be free, even if its end was never reported. */
const STUCK_SECONDS = 75;
/** A longer silence than this many seconds is a fault. */
const SILENCE_SECONDS = 3;

/** When each simulation begins. */
const START = Date.parse('2026-03-02T09:00:00Z');

interface Simulation {
  seed: number;
  callers: number;
  faults?: FaultInput[];
  shared?: TeamOptions['shared'];
  /** How many callers hang up at once: from 0 to 1. */
  hasty?: number;
  /** Something that happens to the desk meanwhile. */
  during?(team: Team): Promise<void>;
}

interface Simulated extends Omit<Seen, 'unfair'> {
  /** Each in words. */
  unfair: string[];
  /** As the desk counts them. */
  counted: Figures;
  /** Silences of callers, and whether they had talked to an agent by then. */
  silences: { from: number; to: number; hasTalked: boolean }[];
  /** Agents who were kept busy by nothing. */
  stuck: string[];
  /** The most legs that an agent had at a time. */
  mostLegs: number;
  /** What the servers printed. */
  printed: string;
}

/** Draws of somebody's own: what others do, and in which order, changes none of them. */
interface Dice {
  /** At least 0, less than 1. */
  chance(): number;
  /** Seconds, to the millisecond. */
  between(least: number, most: number): number;
}

/**
 * A day of five agents and many callers, with faults. Agents reject one call in ten, and vanish in one of twenty.
 *
 * The seed decides when each caller calls and how long she is patient, and what each agent does with her first leg, her
 * second and so on. It decides, too, which webhooks and requests a fault strikes, by what they are and when they are
 * sent. Only what happens in the same millisecond happens in the order of the machine.
 */
export async function simulate({
  callers,
  during,
  faults = [],
  hasty = 0.03,
  ...options
}: Simulation): Promise<Simulated> {
  await using team = await startTeam({ agents: AGENTS, start: START, ...options, platform: { faults } });
  const { world, clock } = team.platform;
  const arrivals = diceOf(world, 'arrivals');
  const witness = createWitness(team, RULES);
  const start = Math.floor(world.now());
  const stuck: string[] = [];
  const silences: Simulated['silences'] = [];
  let over = 0;

  for (const agent of AGENTS) takesCalls(team, witness, agent, diceOf(world, agent));
  const stopLooking = looksForStuck(team, witness, stuck);
  const happens = during?.(team);
  for (let index = 0; index < callers; index += 1) {
    await team.wait(arrivals.between(5, 15));
    const caller = team.platform.call({ from: `4477009${String(index).padStart(5, '0')}` });
    witness.calls(caller);
    givesUp(team, caller, hasty, diceOf(world, `caller ${index}`));
    void caller.over.then(() => {
      over += 1;
      silences.push(...silencesOf(team, caller));
    });
  }
  await happens;
  await team.until('all calls are over', () => over === callers, 1200);
  await team.until('the desk is empty', async () => (await team.view()).calls.length === 0, 120);
  const isFree = async () => (await team.view()).agents.every(({ load }) => load === 'free');
  await team.until('all agents are free', isFree, 120);
  stopLooking();
  const to = Math.floor(world.now());
  const counted = await clock.during(figures(team, start, to));
  const { unfair, ...counts } = witness.count(to);
  const events = unfair.length === 0 ? [] : await team.events();
  return {
    ...counts,
    unfair: unfair.map((offer) => inWords(offer, events)),
    counted,
    silences,
    stuck,
    mostLegs: witness.mostLegs(),
    printed: team.printed(),
  };
}

/** An unfair offer, with what the desk did in the minute before it with who had come earlier, and with the agent. */
function inWords({ agent, call, before, at }: UnfairOffer, events: readonly DeskEvent[]): string {
  const told = events.filter(
    (event) =>
      event.at <= at &&
      event.at > at - 60_000 &&
      (('call' in event && event.call === before) || ('agent' in event && event.agent === agent)),
  );
  const lines = told.map((event) => `${event.at - at} ms: ${JSON.stringify(event)}`);
  return [`${agent} was offered ${call} before ${before}`, ...lines].join('\n');
}

/** An agent with a page, who comes back some time after she vanished. */
function takesCalls(team: Team, witness: Witness, agent: string, { chance, between }: Dice): void {
  const { world } = team.platform;
  let close = open();

  function open(): () => void {
    const page = team.page(agent, (offer) => witness.isOffered(agent, offer));
    const closed = witness.opensPage(agent);
    return () => {
      page.close();
      closed();
    };
  }

  function vanish(): void {
    close();
    close = () => {};
    world.after(between(5, 65) * 1000, () => {
      close = open();
    });
  }

  team.treats(agent, ({ over }): AgentRule => {
    witness.rings(
      agent,
      over.then(({ cause }) => ({ hungUp: cause === 'hung-up-here' })),
    );
    const luck = chance();
    if (luck < 0.1) return { does: 'reject', after: between(1, 3) };
    const after = between(1, 6);
    if (luck >= 0.15) return { does: 'answer', after, hangUpAfter: between(20, 90) };
    const vanishAfter = between(5, 40);
    void over.then(world.after(Math.round((after + vanishAfter) * 1000), vanish));
    return { does: 'answer', after, vanishAfter };
  });
}

/** Some callers hang up at once, others have more or less patience. */
function givesUp({ platform: { world } }: Team, caller: Caller, hasty: number, dice: Dice): void {
  const { chance, between } = dice;
  const patience = chance() < hasty ? between(1, 4) : between(20, 320);
  const stay = world.after(Math.round(patience * 1000), () => caller.hangUp());
  void caller.until('connected').then(stay, () => {});
}

/** What a caller heard as silence, but for the time in which she was asked to leave a message. */
function silencesOf({ platform }: Team, { leg }: Caller): Simulated['silences'] {
  const heard = platform.heard(leg.uuid);
  return platform
    .silences(leg.uuid, SILENCE_SECONDS)
    .filter(({ from }) => heard.find(({ to }) => to === from)?.hears !== 'tone')
    .map(({ from, to }) => ({
      from,
      to,
      hasTalked: heard.some((each) => each.hears === 'voice' && each.from < from),
    }));
}

/** Looks every five seconds whether the desk keeps an agent busy who has had no leg for long. Returns the undo. */
function looksForStuck(team: Team, witness: Witness, stuck: string[]): () => void {
  let cancel = () => {};
  const look = async () => {
    const { agents } = await team.view();
    for (const { name, load } of agents) {
      if (load !== 'free' && witness.restsFor(name, STUCK_SECONDS)) stuck.push(`${name}: ${load}`);
    }
  };
  const again = () => {
    cancel = team.platform.world.after(5_000, again);
    // The store may be down.
    void look().catch(() => {});
  };
  again();
  return () => cancel();
}

async function figures({ url }: Team, from: number, to: number): Promise<Figures> {
  const answer = await fetch(`${url}/api/figures?from=${from}&to=${to}`);
  return JSON.parse(await answer.text());
}

function diceOf(world: World, name: string): Dice {
  let draws = 0;
  const chance = () => {
    draws += 1;
    return world.chanceOf(`${name} ${draws}`);
  };
  return {
    chance,
    between: (least, most) => Math.round((least + (most - least) * chance()) * 1000) / 1000,
  };
}
