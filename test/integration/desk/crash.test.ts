import { expect, test } from 'vitest';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import type { Control } from '../../../domain/desk/controls.ts';
import type { Exit } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { figuresOf } from '../../../domain/desk/figures.ts';
import type { DeskRules, QueueRules } from '../../../domain/desk/rules.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import type { AgentRule } from '../../../emulator/headless/agents.ts';
import type { Caller } from '../../../emulator/headless/people.ts';
import { messages } from '../../support/scenario.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam, type Team } from '../../support/team.ts';

/*
 * Whole calls in which one thing goes wrong: the server dies before or after a commit or a request to the platform, and
 * another one starts a second later; or a webhook or the reply to it is lost, repeated or overtaken. Each is tried at
 * each place, and each call ends as it must.
 */

/** A call, and how it must end whatever goes wrong. */
interface Story {
  agents: Readonly<Record<string, AgentRule>>;
  /** Agents who have no page open. */
  closed?: readonly string[];
  queue?: Partial<QueueRules>;
  /** What the people do. Resolves when the caller is gone. */
  play(team: Team, pages: ReadonlyMap<string, { close(): void }>): Promise<Caller>;
  exit: Exit;
  talks: boolean;
  /** Seconds for which the caller may hear nothing although all goes well: the platform does not know better. */
  quiet?: number;
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

/** Seconds after they were connected at which Alice does something in the call. */
type Plan = readonly (readonly [seconds: number, control: Control])[];

/** Somebody calls, and Alice does what she planned; while the server is away, she tries again. */
function controlled(team: Team, patience: number, plan: Plan): Promise<Caller> {
  const { platform } = team;
  return call(team, patience, (caller) => {
    const press = async (control: Control, triesLeft: number): Promise<void> => {
      if (caller.leg.end !== undefined) return;
      const answer = await platform.clock
        .during(
          fetch(`${team.url}/api/desk/calls/${caller.leg.uuid}/control`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ agent: 'Alice', ...control }),
          }),
        )
        .catch(() => undefined);
      await answer?.body?.cancel();
      const isAway = answer === undefined || answer.status >= 500;
      if (isAway && triesLeft > 0) platform.world.after(1000, () => void press(control, triesLeft - 1));
    };
    const begin = () => {
      for (const [seconds, control] of plan) {
        platform.world.after(seconds * 1000, () => void press(control, 5));
      }
    };
    void caller.until('connected').then(begin, () => {});
  });
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
  'the agent puts the caller on hold, and takes her off again': {
    agents: { Alice: { does: 'answer', after: 1 } },
    play: (team) =>
      controlled(team, 40, [
        [3, { action: 'hold' }],
        [12, { action: 'resume' }],
      ]),
    exit: 'completed',
    talks: true,
  },
  'the agent transfers the caller to the next one': {
    agents: { Alice: { does: 'answer', after: 1 }, Bob: { does: 'answer', after: 2 } },
    play: (team) => controlled(team, 40, [[3, { action: 'transfer', to: { agent: 'Bob' } }]]),
    exit: 'completed',
    talks: true,
  },
  'the agent consults another one, they all talk, and she leaves': {
    agents: { Alice: { does: 'answer', after: 1 }, Bob: { does: 'answer', after: 2 } },
    play: (team) =>
      controlled(team, 60, [
        [3, { action: 'consult', to: { agent: 'Bob' } }],
        [12, { action: 'merge' }],
        [18, { action: 'complete' }],
      ]),
    exit: 'completed',
    talks: true,
  },
  'the agent is lost, and the next one answers': {
    agents: {
      Alice: { does: 'answer', after: 1, vanishAfter: 3 },
      Bob: { does: 'answer', after: 30, hangUpAfter: 5 },
    },
    queue: { ringSeconds: 40 },
    play: (team, pages) =>
      call(team, 240, (caller) => {
        const vanishes = () => team.platform.world.after(3000, () => pages.get('Alice')?.close());
        void caller.until('connected').then(vanishes, () => {});
      }),
    // The platform waits 25 s for a page that is gone; from then on, three seconds as in any call.
    quiet: 25 + 3,
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
    // Of what she says, and five seconds until that counts as the end.
    quiet: 9,
  },
};

/** What goes wrong in a story. Numbers count from 0. */
interface Trouble {
  /** The step at which the server dies. */
  diesAt?: number;
  /** The reply that is lost. */
  losesReply?: number;
  /** What the platform does wrong. */
  faults?: FaultInput[];
}

/** A story as it went, with all that could go wrong in it. */
async function tell(
  { agents, closed = [], queue = {}, play, leavesMessage = false }: Story,
  { diesAt, losesReply, faults = [] }: Trouble = {},
) {
  const steps: string[] = [];
  const replies: { path: string; reply: string }[] = [];
  const webhooks: string[] = [];
  let isOn = false;
  await using team = await startTeam({
    agents: Object.keys(agents),
    rules: (rules: DeskRules): DeskRules => ({
      ...rules,
      queues: Object.fromEntries(
        Object.entries(rules.queues).map(([name, each]) => [name, { ...each, ...queue }]),
      ),
    }),
    platform: { faults },
    cutsPower(step) {
      if (!isOn) return false;
      steps.push(step);
      return steps.length - 1 === diesAt;
    },
    losesReply(path, reply) {
      replies.push({ path, reply });
      return replies.length - 1 === losesReply;
    },
  });
  let isRecordingTold = false;
  team.platform.onWebhook(({ kind, payload: { to }, outcome }) => {
    webhooks.push(`${kind} of the leg to ${String(to)}`);
    if (kind === 'record') void outcome.then(({ ok }) => (isRecordingTold ||= ok));
  });
  const legs = new Map<string, number>();
  let mostLegs = 0;
  const pages = new Map<string, { close(): void }>();
  for (const [name, rule] of Object.entries(agents)) {
    if (!closed.includes(name)) pages.set(name, team.page(name));
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
  const caller = await play(team, pages);
  // The last steps, and another server where one died at them.
  await team.wait(3);
  isOn = false;
  const isOver = async () => {
    const { calls, agents: all } = await team.view();
    const areFree = all.every(({ load }) => load === 'free');
    return calls.length === 0 && areFree && [...legs.values()].every((count) => count === 0);
  };
  const heard = caller.heard();
  return {
    steps,
    replies,
    webhooks,
    isOver: await team.until('everything is over', isOver, 150).then(
      () => true,
      () => false,
    ),
    wasAnswered: heard.length > 0,
    heard: heard.map(({ hears, from, to }) => `${hears} ${(to - from) / 1000}`),
    silence: Math.max(
      0,
      ...heard.map(({ hears, from, to }) => (hears === 'silence' ? (to - from) / 1000 : 0)),
    ),
    mostLegs,
    events: await team.events(),
    isRecordingTold,
    message: leavesMessage ? await messageOf(team) : undefined,
  };
}

/** The message, if it is there by now, or else once the desk has given up hearing of its recording. */
async function messageOf(team: Team): Promise<VoicemailView | undefined> {
  const [message] = await messages(team);
  if (message?.audio != null) return message;
  await team.wait(310);
  return (await messages(team))[0];
}

type Told = Awaited<ReturnType<typeof tell>>;

/** What is wrong with how a story went. @param quiet for how many seconds the caller may hear nothing */
function faultsOf(story: Story, told: Told, quiet: number): string[] {
  const { exit, talks, leavesMessage = false } = story;
  const { events, silence, mostLegs, wasAnswered, message, isRecordingTold, isOver } = told;
  const of = (kind: DeskEvent['kind']) => events.filter((each) => each.kind === kind).length;
  const exits = events.flatMap((each) => (each.kind === 'left' ? [each.exit] : []));
  const [first, last] = [events[0]?.at ?? 0, events.at(-1)?.at ?? 0];
  const figures = figuresOf(events, first, last + 1);
  const { offered, answered, abandoned, overflowed, callback, waiting, lost } = figures;
  // The platform gives up a call that nobody takes, whether or not the desk ever learned of it.
  const wanted = wasAnswered ? exit : offered === 0 ? '' : 'abandoned';
  const faults = [
    !isOver && 'something is not over',
    exits.join() !== wanted && `the caller left as ${exits.join(' and ') || 'nothing'}`,
    of('ended') !== offered && `the call ended ${of('ended')} times`,
    of('accepted') > 1 + of('agent lost') + of('offer ended') + of('transferred') &&
      'two agents have accepted',
    wasAnswered && talks && of('connected') === 0 && 'they never talked',
    silence > quiet && `the caller heard nothing for ${silence} s`,
    mostLegs > 1 && 'an agent had two legs at a time',
    wasAnswered && leavesMessage && message === undefined && 'there is no message',
    // Only the platform can say where a recording is. If it could not, the agents are told to call back.
    isRecordingTold && message?.isMissing && 'the message is said to be missing',
    answered + abandoned + overflowed + callback !== offered && 'the figures do not add up',
    waiting + lost > 0 && 'the figures have a caller who waits or is lost',
  ].filter((each) => each !== false);
  if (faults.length === 0) return [];
  const did = events
    .filter(({ kind }) => kind !== 'page' && kind !== 'agent added')
    .map(({ kind, at }) => `${kind} ${(at - first) / 1000}`);
  return [`${faults.join(', ')}. Heard: ${told.heard.join(', ')}. Did: ${did.join(', ')}`];
}

/** Seconds: the longest silence of a call in which all goes well. */
const QUIET = 3;

/** All that may go wrong in a story that went well, and for how many seconds more the caller may hear nothing then. */
function troublesOf({
  steps,
  replies,
  webhooks,
}: Told): { named: string; trouble: Trouble; quiet: number }[] {
  const deaths = steps.map((step, diesAt) => ({
    named: `dead at ${diesAt}, ${step}`,
    trouble: { diesAt },
    quiet: 1,
  }));
  const lost = replies.map(({ path }, losesReply) => ({
    named: `reply ${losesReply} lost, to ${path}`,
    trouble: { losesReply },
    quiet: 0,
  }));
  const faulty = (['drop', 'duplicate', 'delay', 'reorder'] as const).flatMap((fault) =>
    webhooks.map((webhook, index) => ({
      named: `${fault} ${index}, ${webhook}`,
      trouble: { faults: [{ fault, every: index + 1, times: 1 }] },
      quiet: 0,
    })),
  );
  return [...deaths, ...lost, ...faulty];
}

/** One trouble in so many is tried in `npm test`, beginning with another one in each story. */
const STRIDE = rounds({ usual: 41, soak: 1 });
/** Stories that are told at a time. */
const AT_ONCE = 4;

test.each(Object.entries(STORIES))('%s, whatever goes wrong', { timeout: 3_600_000 }, async (name, story) => {
  const { quiet: usual = QUIET } = story;
  const whole = await tell(story);
  expect(faultsOf(story, whole, usual)).toEqual([]);
  const offset = Object.keys(STORIES).indexOf(name) * 7;
  const left = troublesOf(whole).filter((_, index) => (index + offset) % STRIDE === 0);
  const faults: string[] = [];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { named, trouble, quiet } = next;
      const found = faultsOf(story, await tell(story, trouble), usual + quiet);
      faults.push(...found.map((each) => `${named}: ${each}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(faults).toEqual([]);
});
