import type { Agent, Desk, DeskCall, NotRingable, Reservation, Why } from './desk.ts';
import { isOffer, isOpen, lineOf, loadOf } from './desk.ts';
import { type DeskRules, type QueueRules, queueOf } from './rules.ts';

/*
 * The rules of the desk: who may be rung, which caller is first, and who is rung for them. Pure, and the only
 * place where this is decided.
 */

/** A caller and the agent to ring. */
export interface Pair {
  call: string;
  agent: string;
  why: Why;
}

/** Most agents named in the reasons of an offer. */
const MOST_NAMED = 10;

/**
 * Pairs waiting callers with agents. Callers in the order of `score`, each with the agent of its queue who has
 * been idle longest. No agent twice, no caller twice.
 */
export function match(desk: Desk, rules: DeskRules, now: number): Pair[] {
  const waiting = waitingCalls(desk, rules, now);
  if (waiting.length === 0) return [];
  const open = openByAgent(desk);
  const offers = offersByCall(desk);
  const taken = new Set<string>();
  const ringable = [...desk.agents.values()]
    .filter((agent) => unringable(agent, open.get(agent.name), now) === null)
    .sort((a, b) => a.idleSince - b.idleSince || (a.name < b.name ? -1 : 1));
  if (ringable.length === 0) return [];
  const pairs: Pair[] = [];
  for (const call of waiting) {
    if (taken.size === ringable.length) break;
    const queue = queueOf(rules, call.queue);
    if (queue === undefined || !wantsOffer(queue, offers.get(call.id) ?? [], now)) continue;
    const left = ringable.filter(({ name }) => !taken.has(name));
    const able = candidates(call, queue, left, rules, now);
    const [first] = able;
    if (first === undefined) continue;
    taken.add(first.name);
    const why = reasons(call, queue, able, desk, open, rules, now);
    pairs.push({ call: call.id, agent: first.name, why });
  }
  return pairs;
}

/** The waiting callers who can be offered now, first come first served but for priorities. */
export function waitingCalls(desk: Desk, rules: DeskRules, now: number): DeskCall[] {
  return inOrder(desk, rules, now, (call) => canBeOffered(call, now));
}

/** All waiting callers in the order in which they are served. */
export function inOrder(
  desk: Desk,
  rules: DeskRules,
  now: number,
  isMeant: (call: DeskCall) => boolean = () => true,
): DeskCall[] {
  return [...desk.calls.values()]
    .filter((call) => isWaiting(call) && isMeant(call))
    .map((call) => ({ call, score: score(call, rules, now) }))
    .sort(
      (a, b) => b.score - a.score || a.call.enteredAt - b.call.enteredAt || (a.call.id < b.call.id ? -1 : 1),
    )
    .map(({ call }) => call);
}

/** Whether a caller waits for an agent. */
export function isWaiting({ stage }: DeskCall): boolean {
  return stage === 'waiting';
}

/**
 * Not while the caller hears the safety tail, because no turn was asked for in time: offers wait for the next turn.
 * A callback waits for its time.
 */
function canBeOffered({ kind, turnBy, notBefore }: DeskCall, now: number): boolean {
  return kind === 'callback' ? notBefore <= now : turnBy >= now;
}

/** More than anybody can wait in seconds, and less than what would blur the order of milliseconds. */
const AHEAD = 1e9;

/**
 * Seconds waited, and the bonus of the queue. Calls of the same score are served in order of arrival. Who was moved to
 * the head, or is on the way to one agent, comes before all others, the first of them first.
 */
function score(call: DeskCall, rules: DeskRules, now: number): number {
  const { enqueuedAt, queue, transfer } = call;
  const ahead = call.ahead ?? (wantedAgent(call) === null ? null : (transfer?.since ?? null));
  if (ahead !== null) return AHEAD + (now - ahead) / 1000;
  return (now - enqueuedAt) / 1000 + (queueOf(rules, queue)?.priority ?? 0);
}

/** Position among the callers who wait in the same queue; 1 is next. A callback counts once its time has come. */
export function positionOf(call: DeskCall, desk: Desk, rules: DeskRules, now: number): number {
  const own = score(call, rules, now);
  let before = 0;
  for (const other of desk.calls.values()) {
    if (other.id === call.id || other.queue !== call.queue || !isWaiting(other)) continue;
    if (other.kind === 'callback' && other.notBefore > now) continue;
    const theirs = score(other, rules, now);
    if (theirs > own || (theirs === own && comesBefore(other, call))) before += 1;
  }
  return before + 1;
}

function comesBefore(a: DeskCall, b: DeskCall): boolean {
  return a.enteredAt < b.enteredAt || (a.enteredAt === b.enteredAt && a.id < b.id);
}

/** One offer at a time, or one more every `addAgentSeconds`. */
function wantsOffer(queue: QueueRules, offers: readonly Reservation[], now: number): boolean {
  if (offers.length === 0) return true;
  if (queue.addAgentSeconds === null) return false;
  const latest = Math.max(...offers.map(({ createdAt }) => createdAt));
  return now - latest >= queue.addAgentSeconds * 1000;
}

/** The agents who may be rung for a call, best first. */
function candidates(
  call: DeskCall,
  queue: QueueRules,
  ringable: readonly Agent[],
  rules: DeskRules,
  now: number,
): Agent[] {
  if (call.keptFor !== null && call.keptFor.until > now) {
    return ringable.filter(({ name }) => name === call.keptFor?.agent);
  }
  const wanted = wantedAgent(call);
  if (wanted !== null) {
    return ringable.filter(({ name }) => name === wanted && !call.refusedBy.includes(name));
  }
  const members = new Set(queue.agents);
  const needed = neededSkills(call, queue, now);
  const able = ringable.filter(
    ({ name }) =>
      members.has(name) && !call.refusedBy.includes(name) && hasSkills(rules.skills[name] ?? [], needed),
  );
  // Who did not answer may be out of the room: the same call rings there again only if nobody else can be rung.
  const others = able.filter((agent) => !hasMissed(agent, call));
  return others.length > 0 ? others : able;
}

/** Whether the call was the last one that an agent was offered, and she did not answer. */
function hasMissed({ lastOffer }: Agent, { id }: DeskCall): boolean {
  return lastOffer?.as === 'timeout' && lastOffer.call === id;
}

/** The agent to whom a caller was transferred, or who gets her back; null: any. */
function wantedAgent({ transfer }: DeskCall): string | null {
  if (transfer === null) return null;
  if (transfer.isComingBack) return transfer.by;
  return 'agent' in transfer.to ? transfer.to.agent : null;
}

/** The skills that are still required after the time that the caller has waited. */
function neededSkills(
  { enqueuedAt }: DeskCall,
  { skills, relaxSeconds }: QueueRules,
  now: number,
): readonly string[] {
  const givenUp = relaxSeconds > 0 ? Math.floor((now - enqueuedAt) / 1000 / relaxSeconds) : 0;
  return skills.slice(0, Math.max(0, skills.length - givenUp));
}

function hasSkills(skills: readonly string[], needed: readonly string[]): boolean {
  return needed.every((each) => skills.includes(each));
}

/** Why an agent cannot be rung at all; null if she can. */
export function unringable(agent: Agent, open: Reservation | undefined, now: number): NotRingable | null {
  if (agent.chosen.choice !== 'available') return agent.chosen.choice;
  const load = loadOf(open);
  if (load !== 'free') return load === 'wrap-up' ? 'wrap-up' : 'busy';
  if (lineOf(agent, now) === 'down') return 'line down';
  if (agent.page?.microphone !== 'ready') return 'no microphone';
  return agent.page.sound === 'none' ? 'no sound' : null;
}

function reasons(
  call: DeskCall,
  queue: QueueRules,
  able: readonly Agent[],
  desk: Desk,
  open: ReadonlyMap<string, Reservation>,
  rules: DeskRules,
  now: number,
): Why {
  const passedOver: { agent: string; because: NotRingable }[] = [];
  const chosen = new Set(able.map(({ name }) => name));
  for (const name of queue.agents) {
    if (passedOver.length === MOST_NAMED) break;
    if (chosen.has(name)) continue;
    const agent = desk.agents.get(name);
    if (agent === undefined) continue;
    const because = unringable(agent, open.get(name), now) ?? unsuitable(call, queue, agent, rules, now);
    if (because !== null) passedOver.push({ agent: name, because });
  }
  return {
    candidates: able
      .slice(0, MOST_NAMED)
      .map(({ name, idleSince }) => ({ agent: name, idleSeconds: Math.round((now - idleSince) / 1000) })),
    passedOver,
  };
}

function unsuitable(
  call: DeskCall,
  queue: QueueRules,
  agent: Agent,
  rules: DeskRules,
  now: number,
): NotRingable | null {
  const { name } = agent;
  if (call.refusedBy.includes(name)) return 'refused this call';
  if (!hasSkills(rules.skills[name] ?? [], neededSkills(call, queue, now))) return 'lacks skill';
  return hasMissed(agent, call) ? 'missed this call' : null;
}

function openByAgent(desk: Desk): Map<string, Reservation> {
  const open = new Map<string, Reservation>();
  for (const each of desk.reservations.values()) if (isOpen(each)) open.set(each.agent, each);
  return open;
}

function offersByCall(desk: Desk): Map<string, Reservation[]> {
  const offers = new Map<string, Reservation[]>();
  for (const each of desk.reservations.values()) {
    if (!isOffer(each) || each.role !== 'agent') continue;
    const list = offers.get(each.call);
    if (list === undefined) offers.set(each.call, [each]);
    else list.push(each);
  }
  return offers;
}
