import { expect, test } from 'vitest';
import type { Exit } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { figuresOf } from '../../../domain/desk/figures.ts';
import type { DeskRules, QueueRules } from '../../../domain/desk/rules.ts';
import type { AgentRule } from '../../../emulator/headless/agents.ts';
import type { Caller } from '../../../emulator/headless/people.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam, type Team } from '../../support/team.ts';

/*
 * Whole calls during which the server dies: before and after each commit, and before and after each request to the
 * platform, one of them at a time. Another server starts a second later, and each call ends as it must.
 */

/** A call, and how it must end wherever the server dies. */
interface Story {
  agents: Readonly<Record<string, AgentRule>>;
  /** Agents who have no page open. */
  closed?: readonly string[];
  queue?: Partial<QueueRules>;
  /** What the people do. Resolves when the caller is gone. */
  play(team: Team): Promise<Caller>;
  exit: Exit;
  talks: boolean;
  /** Whether there is a voicemail afterwards. */
  leavesMessage?: boolean;
}

/** Somebody calls, and hangs up after so many seconds unless the call is over by then. */
async function call({ platform }: Team, patience: number, does: (caller: Caller) => void = () => {}) {
  const caller = platform.call();
  does(caller);
  const giveUp = platform.world.after(patience * 1000, () => caller.hangUp());
  await caller.over;
  giveUp();
  return caller;
}

const STORIES: Readonly<Record<string, Story>> = {
  'the caller hangs up on the agent': {
    agents: { Alice: { does: 'answer', after: 3 } },
    play: (team) => call(team, 30),
    exit: 'completed',
    talks: true,
  },
  'the agent hangs up on the caller': {
    agents: { Alice: { does: 'answer', after: 3, hangUpAfter: 6 } },
    play: (team) => call(team, 120),
    exit: 'completed',
    talks: true,
  },
  'an agent rejects, and the next one answers': {
    agents: { Alice: { does: 'reject', after: 2 }, Bob: { does: 'answer', after: 2, hangUpAfter: 5 } },
    play: (team) => call(team, 120),
    exit: 'completed',
    talks: true,
  },
  'the caller hangs up while it rings': {
    agents: { Alice: { does: 'ring' } },
    play: (team) => call(team, 8),
    exit: 'abandoned',
    talks: false,
  },
  'the agent is lost, and the next one answers': {
    agents: {
      Alice: { does: 'answer', after: 1, vanishAfter: 3 },
      Bob: { does: 'answer', after: 30, hangUpAfter: 5 },
    },
    queue: { ringSeconds: 40 },
    play: (team) => call(team, 240),
    exit: 'completed',
    talks: true,
  },
  'nobody is there, and the caller leaves a message': {
    agents: { Alice: { does: 'ring' } },
    closed: ['Alice'],
    queue: { nobodyAfter: 20 },
    play: (team) =>
      call(team, 240, (caller) => {
        const speaks = () => {
          if (caller.leg.end !== undefined) return;
          if (caller.heard().some(({ hears }) => hears === 'tone')) {
            caller.say('Please call me back about my order, number twelve.');
          } else team.platform.world.after(250, speaks);
        };
        speaks();
      }),
    exit: 'overflow',
    talks: false,
    leavesMessage: true,
  },
};

/** A story as it went where the server died at one of its steps, and these steps. */
async function tell({ agents, closed = [], queue = {}, play }: Story, dieAt = -1) {
  const steps: string[] = [];
  let isOn = false;
  const change = (rules: DeskRules): DeskRules => ({
    ...rules,
    queues: Object.fromEntries(
      Object.entries(rules.queues).map(([name, each]) => [name, { ...each, ...queue }]),
    ),
  });
  await using team = await startTeam({
    agents: Object.keys(agents),
    rules: change,
    cutsPower(step) {
      if (!isOn) return false;
      steps.push(step);
      return steps.length - 1 === dieAt;
    },
  });
  const legs = new Map<string, number>();
  let mostLegs = 0;
  for (const [name, rule] of Object.entries(agents)) {
    if (!closed.includes(name)) team.page(name);
    team.treats(name, ({ over }) => {
      const count = (by: number) => {
        legs.set(name, (legs.get(name) ?? 0) + by);
        mostLegs = Math.max(mostLegs, legs.get(name) ?? 0);
      };
      count(1);
      void over.then(() => count(-1));
      return rule;
    });
  }
  await team.wait(2);
  isOn = true;
  const caller = await play(team);
  // The last steps, and another server where one died at them.
  await team.wait(3);
  isOn = false;
  const isOver = async () => {
    const { calls, agents: all } = await team.view();
    return (
      calls.length === 0 &&
      all.every(({ load }) => load === 'free') &&
      [...legs.values()].every((n) => n === 0)
    );
  };
  await team.until('everything is over', isOver, 150);
  return {
    steps,
    died: steps[dieAt],
    wasAnswered: caller.heard().length > 0,
    heard: caller.heard().map(({ hears, from, to }) => `${hears} ${(to - from) / 1000}`),
    silences: team.platform.silences(caller.leg.uuid, LONGEST_SILENCE),
    mostLegs,
    events: await team.events(),
    hasMessage: await hasMessage(team),
  };
}

/** Seconds: as without a crash, and as long as no server is there. */
const LONGEST_SILENCE = 3 + 1;

async function hasMessage({ url, platform }: Team): Promise<boolean> {
  const answer = await platform.clock.during(fetch(`${url}/api/voicemails`));
  return (await platform.clock.during(answer.text())).includes('"audio":"/api');
}

type Told = Awaited<ReturnType<typeof tell>>;

/** What is wrong with how a story went. */
function faultsOf({ exit, talks, leavesMessage = false }: Story, told: Told): string[] {
  const { events, silences, mostLegs, wasAnswered, hasMessage: hasOne } = told;
  // Nobody was there to take the call, which the desk cannot know of.
  if (!wasAnswered && events.every(({ kind }) => kind !== 'entered')) return [];
  const of = (kind: DeskEvent['kind']) => events.filter((each) => each.kind === kind).length;
  const exits = events.flatMap((each) => (each.kind === 'left' ? [each.exit] : []));
  const [first, last] = [events[0]?.at ?? 0, events.at(-1)?.at ?? 0];
  const { offered, answered, abandoned, overflowed, callback, waiting, lost } = figuresOf(
    events,
    first,
    last + 1,
  );
  const faults = [
    exits.join() !== exit && `the caller left as ${exits.join(' and ') || 'nothing'}`,
    of('ended') !== 1 && `the call ended ${of('ended')} times`,
    of('accepted') > 1 + of('agent lost') + of('offer ended') && 'two agents have accepted',
    talks && of('connected') === 0 && 'they never talked',
    silences.length > 0 && 'the caller heard silence',
    mostLegs > 1 && 'an agent had two legs at a time',
    leavesMessage && !hasOne && 'there is no message',
    (offered !== 1 || answered + abandoned + overflowed + callback !== offered) &&
      'the figures do not add up',
    waiting + lost > 0 && 'the figures have a caller who waits or is lost',
  ].filter((each) => each !== false);
  if (faults.length === 0) return [];
  const did = events
    .filter(({ kind }) => kind !== 'page' && kind !== 'agent added')
    .map(({ kind, at }) => `${kind} ${(at - first) / 1000}`);
  return [`dead ${told.died}: ${faults.join(', ')}. Heard: ${told.heard.join(', ')}. Did: ${did.join(', ')}`];
}

/** One in so many steps is tried in `npm test`, beginning with another one in each story. */
const STRIDE = rounds({ usual: 13, soak: 1 });
/** Stories that are told at a time. */
const AT_ONCE = 4;

test.each(Object.entries(STORIES))(
  '%s, whenever the server dies',
  { timeout: 1_800_000 },
  async (name, story) => {
    const whole = await tell(story);
    expect(faultsOf(story, whole)).toEqual([]);
    const offset = Object.keys(STORIES).indexOf(name) * 5;
    const left = whole.steps.flatMap((_, index) => ((index + offset) % STRIDE === 0 ? [index] : []));
    const faults: string[] = [];
    const work = async () => {
      for (let at = left.shift(); at !== undefined; at = left.shift()) {
        faults.push(...faultsOf(story, await tell(story, at)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(faults).toEqual([]);
  },
);
