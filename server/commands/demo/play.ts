import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  CALLERS,
  type CallerPlan,
  createChance,
  MESSAGE,
  NEWCOMER,
  NOTES,
  REASONS,
  SAYINGS,
  type TalkPlan,
  TEAM,
} from './cast.ts';

interface PlayOptions {
  /** Addresses of the server and of the emulator. */
  server: string;
  emulator: string;
  /** The number that callers dial. */
  number: string;
  speed: number;
  random: () => number;
  now: () => number;
  signal: AbortSignal;
}

const view = z.object({
  agents: z.array(z.object({ name: z.string(), choice: z.string(), load: z.string(), since: z.number() })),
  calls: z.array(
    z.object({
      id: z.string(),
      from: z.string().nullable(),
      state: z.string(),
      agent: z.string().nullable(),
    }),
  ),
});
type View = z.infer<typeof view>;
type Call = View['calls'][number];

const placed = z.object({ uuid: z.string() });
const leg = z.object({ uuid: z.string(), to: z.string().nullable(), ended_at: z.string().nullable() });
const emulatedCalls = z.array(leg.extend({ legs: z.array(leg) }));
const heardParts = z.array(z.object({ hears: z.string() }));

/** Milliseconds between two looks at the desk. */
const LOOK_MS = 500;
/** Milliseconds between two signs of life of a page. */
const BEAT_MS = 3_000;
/** Callers at the same time: two cores must be enough. */
const MOST_CALLS = 8;

/** A caller of the demo. Times are milliseconds since 1970. */
interface Caller {
  number: string;
  plan: CallerPlan;
  leavesAt: number;
  /** When the caller speaks, or hangs up, after the beep. */
  speaksAt: number | null;
  hangsUpAt: number | null;
}

interface Talk {
  plan: TalkPlan;
  endsAt: number;
  holdAt: number | null;
  resumeAt: number | null;
  /** Sentences said so far, and when the next one is due. */
  said: number;
  saysAt: number;
}

/** Lets a team and its callers work until the signal. What fails is tried again with the next look. */
export async function play({
  server,
  emulator,
  number,
  speed,
  random,
  now,
  signal,
}: PlayOptions): Promise<void> {
  const chance = createChance(random, speed);
  const in_ = (seconds: number) => now() + seconds * 1000;
  const callers = new Map<string, Caller>();
  const talks = new Map<string, Talk>();
  /** Wrap-ups that were noted, by agent: since when they go on. */
  const noted = new Map<string, number>();
  /** When agents who are away come back. */
  const backAt = new Map<string, number>();
  let nextCallAt = now();
  let nextBeatAt = now();
  let nextBreakAt = in_(chance.between(30, 60));

  async function send(method: string, url: string, body?: unknown): Promise<Response> {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const timeLimit = AbortSignal.timeout(5_000);
    return fetch(url, {
      method,
      ...(body !== undefined && json),
      signal: AbortSignal.any([signal, timeLimit]),
    });
  }
  async function read<T>(url: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await send('GET', url)).json());
  }

  async function beat(): Promise<void> {
    if (now() < nextBeatAt) return;
    nextBeatAt = now() + BEAT_MS;
    for (const agent of TEAM) {
      const page = { agent, tab: `demo-${agent}`, line: 'up', sound: 'on', microphone: 'ready' };
      await send('POST', `${server}/api/presence`, page);
      await send('POST', `${emulator}/emulator/agents`, { user: agent, rule: chance.rule() });
    }
  }

  async function arrive({ calls }: View): Promise<void> {
    if (now() < nextCallAt) return;
    // Three agents keep up with these, but for a rush now and then.
    nextCallAt = in_(chance.between(8, 30));
    if (calls.length >= MOST_CALLS) return;
    const busy = new Set([
      ...calls.map(({ from }) => from),
      ...[...callers.values()].map((each) => each.number),
    ]);
    const from = chance.pick(CALLERS.filter((each) => !busy.has(each.number)))?.number;
    if (from === undefined) return;
    const { uuid } = placed.parse(
      await (await send('POST', `${emulator}/emulator/calls`, { from, to: number })).json(),
    );
    const plan = chance.caller();
    callers.set(uuid, { number: from, plan, leavesAt: in_(plan.patience), speaksAt: null, hangsUpAt: null });
  }

  const onLeg = (uuid: string, does: 'say' | 'press', body: unknown) =>
    send('POST', `${emulator}/emulator/calls/${uuid}/${does}`, body);
  const hangUp = (uuid: string) => send('DELETE', `${emulator}/emulator/calls/${uuid}`);

  async function wait(id: string, caller: Caller): Promise<void> {
    if (now() < caller.leavesAt) return;
    // Keys are heard only in some parts of the loop: they are pressed again.
    caller.leavesAt = in_(4);
    if (caller.plan.wish === 'hang up') await hangUp(id);
    else if (caller.plan.wish === 'leave a message') await onLeg(id, 'press', { digits: '2' });
    else {
      const rule = { does: 'answer', after: 3 };
      await send('POST', `${emulator}/emulator/phones`, { number: caller.number, rule });
      await onLeg(id, 'press', { digits: '1' });
    }
  }

  async function leaveMessage(id: string, caller: Caller): Promise<void> {
    if (caller.speaksAt === null) {
      const heard = await read(`${emulator}/emulator/calls/${id}/heard`, heardParts);
      if (heard.at(-1)?.hears !== 'tone' && heard.at(-2)?.hears !== 'tone') return;
      caller.speaksAt = now();
      caller.hangsUpAt = in_(7);
      await onLeg(id, 'say', { text: MESSAGE });
    } else if (caller.hangsUpAt !== null && now() >= caller.hangsUpAt) {
      await hangUp(id);
    }
  }

  function talkIn(id: string, agent: string): Talk {
    const known = talks.get(id);
    if (known !== undefined) return known;
    const plan = chance.talk();
    // Somebody who tries out the page gets time for it.
    const length = agent === NEWCOMER ? Math.max(60, plan.length) : plan.length;
    const talk: Talk = {
      plan,
      endsAt: in_(length),
      holdAt: plan.hold && in_(plan.hold.after),
      resumeAt: null,
      said: 0,
      saysAt: in_(1),
    };
    talks.set(id, talk);
    return talk;
  }

  async function speak({ id }: Call, talk: Talk): Promise<void> {
    const text = SAYINGS[talk.said];
    if (text === undefined || now() < talk.saysAt || !callers.has(id)) return;
    talk.said += 1;
    talk.saysAt = in_(8);
    await onLeg(id, 'say', { text });
  }

  async function talkOn(call: Call, agent: string): Promise<void> {
    const { id, state } = call;
    const talk = talkIn(id, agent);
    if (state === 'talking') await speak(call, talk);
    const isOurs = isInTeam(agent);
    if (isOurs && state === 'talking' && talk.holdAt !== null && now() >= talk.holdAt) {
      talk.holdAt = null;
      talk.resumeAt = in_(talk.plan.hold?.length ?? 0);
      await control(id, { agent, action: 'hold' });
    } else if (isOurs && state === 'held' && talk.resumeAt !== null && now() >= talk.resumeAt) {
      // It may not have worked.
      talk.resumeAt = in_(4);
      await control(id, { agent, action: 'resume' });
    } else if (state === 'talking' && now() >= talk.endsAt) {
      talk.endsAt = in_(4);
      if (callers.has(id) && (talk.plan.endsIt === 'caller' || !isOurs)) await hangUp(id);
      else if (isOurs) await agentHangsUp(id, agent);
    }
  }

  const control = (id: string, wanted: unknown) =>
    send('POST', `${server}/api/desk/calls/${encodeURIComponent(id)}/control`, wanted);

  async function agentHangsUp(call: string, agent: string): Promise<void> {
    await send('POST', `${server}/api/desk/report`, { agent, call, fact: 'hang-up meant' });
    const calls = await read(`${emulator}/emulator/calls`, emulatedCalls);
    const legs = calls.flatMap(({ legs: others, ...first }) => [first, ...others]);
    const own = legs.find(({ to, ended_at }) => to === agent && ended_at === null);
    if (own !== undefined) await hangUp(own.uuid);
  }

  async function workOn(call: Call): Promise<void> {
    const { id, state, agent } = call;
    const caller = callers.get(id);
    if (state === 'talking' || state === 'held') {
      if (agent !== null) await talkOn(call, agent);
    } else if (caller !== undefined) {
      const isWaiting = state === 'waiting' || state === 'greeting';
      if (isWaiting) await wait(id, caller);
      else if (state === 'voicemail' || state === 'overflow') await leaveMessage(id, caller);
    }
  }

  async function wrapUp({ agents }: View): Promise<void> {
    for (const { name: agent, load, since } of agents) {
      if (load !== 'wrap-up' || noted.get(agent) === since || !isInTeam(agent)) continue;
      noted.set(agent, since);
      const note = chance.pick(NOTES);
      await send('POST', `${server}/api/wrap-up`, { agent, does: 'note', ...note });
    }
  }

  async function takeBreaks({ agents }: View): Promise<void> {
    const ours = agents.filter(({ name }) => isInTeam(name));
    const away = ours.filter(({ choice }) => choice !== 'available');
    for (const { name: agent } of away) {
      // Also who did not answer is away.
      const back = backAt.get(agent) ?? in_(chance.between(15, 40));
      backAt.set(agent, back);
      if (now() < back) continue;
      backAt.delete(agent);
      await send('PUT', `${server}/api/choice`, { agent, choice: 'available' });
    }
    if (now() < nextBreakAt) return;
    nextBreakAt = in_(chance.between(30, 60));
    const who = away.length === 0 ? chance.pick(ours) : undefined;
    if (who === undefined) return;
    // Nobody leaves in the middle of a call.
    const choice = {
      agent: who.name,
      choice: 'away',
      reason: chance.pick(REASONS),
      next: who.load !== 'free',
    };
    await send('PUT', `${server}/api/choice`, choice);
  }

  for (const { number: caller, name, company } of CALLERS) {
    if (name === null) continue;
    await send('PUT', `${server}/api/contacts/+${caller}`, { name, company, link: null });
  }
  while (!signal.aborted) {
    try {
      await beat();
      const desk = await read(`${server}/api/desk`, view);
      const live = new Set(desk.calls.map(({ id }) => id));
      for (const id of talks.keys()) if (!live.has(id)) talks.delete(id);
      for (const call of desk.calls) await workOn(call);
      await wrapUp(desk);
      await takeBreaks(desk);
      for (const [id, { leavesAt }] of callers) if (!live.has(id) && now() > leavesAt) callers.delete(id);
      await arrive(desk);
    } catch (error) {
      // A page would try again, too.
      if (!signal.aborted && !(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

function isInTeam(name: string): boolean {
  return TEAM.some((each) => each === name);
}
