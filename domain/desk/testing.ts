import { builtInQueue, builtInRules } from './built-in.ts';
import { decide } from './decide.ts';
import type { Desk, DeskCall, PageState, Reservation } from './desk.ts';
import { newAgent } from './desk.ts';
import type { DeskEvent, DeskFact, Effect } from './events.ts';
import { isOpenAt, nextOpening } from './hours.ts';
import type { DeskRules, QueueRules } from './rules.ts';
import { ENGLISH } from './texts.ts';

/** A page on which calls ring and can be answered. */
export const READY: PageState = { tab: 'tab', line: 'up', sound: 'on', microphone: 'ready' };

const START = Date.parse('2026-03-02T09:00:00Z');

const AGENTS = ['Alice', 'Bob', 'Carol'];

export function queueRules(rules: Partial<QueueRules> = {}): QueueRules {
  return { ...builtInQueue('main', AGENTS), ...rules };
}

export function deskRules(queue: Partial<QueueRules> = {}, rules: Partial<DeskRules> = {}): DeskRules {
  return {
    ...builtInRules(AGENTS, 'Please wait while we connect you to an agent.', 'en-US'),
    queues: { main: queueRules(queue) },
    phrases: { hours: 'We are open from nine to five.' },
    outbound: { countries: ['GB'], prefixes: [], except: [] },
    ...rules,
  };
}

/** A desk without a server: facts go in, and what it did can be looked at. */
export function createTestDesk(given: DeskRules = deskRules()) {
  let rules = given;
  let now = START;
  let ids = 0;
  let desk: Desk = { agents: new Map(), calls: new Map(), reservations: new Map() };
  for (const name of new Set(Object.values(rules.queues).flatMap(({ agents }) => agents))) {
    desk = { ...desk, agents: new Map(desk.agents).set(name, newAgent(name, now)) };
  }
  const effects: Effect[] = [];
  const events: DeskEvent[] = [];

  function tell(fact: DeskFact) {
    const decision = decide(desk, fact, {
      rules,
      now,
      craft: { base: 'https://desk.example', language: 'en-US', texts: ENGLISH },
      newId: () => `r${++ids}`,
      handleTimes: () => [],
      isOpen: ({ hours }) => hours === null || isOpenAt(hours, now),
      opensAt: ({ hours }) => (hours === null ? now : nextOpening(hours, now)),
    });
    desk = decision.desk;
    effects.push(...decision.effects);
    events.push(...decision.events);
    return decision;
  }

  const test = {
    tell,
    effects,
    events,
    get desk() {
      return desk;
    },
    get now() {
      return now;
    },
    /** From now on the desk works by other rules. */
    change(to: DeskRules) {
      rules = to;
    },
    /** Lets time pass, and pages be heard from, second by second. */
    wait(seconds: number, { alive = [...desk.agents.keys()] }: { alive?: string[] } = {}) {
      for (let second = 0; second < seconds; second += 1) {
        now += 1000;
        for (const agent of alive) {
          const page = desk.agents.get(agent)?.page;
          if (page) tell({ kind: 'page seen', agent, page, until: now + 9000 });
        }
        tell({ kind: 'time passed' });
      }
    },
    page(agent: string, page: PageState = READY) {
      return tell({ kind: 'page seen', agent, page, until: now + 9000 });
    },
    call(leg: string, from = '447700900000') {
      return tell({ kind: 'call arrived', leg, from, to: '442038297050', regionUrl: null });
    },
    turn(call: string, turn: number, keys = '') {
      const caller = { from: '447700900000', to: '442038297050', regionUrl: null };
      return tell({ kind: 'turn asked', call, turn, keys, enqueuedAt: null, caller });
    },
    /** The agent who is offered a call answers it, and both meet. */
    answer(agent: string) {
      const { id, call } = test.offer(agent);
      tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'started' });
      const answered = tell({ kind: 'agent answered', reservation: id, leg: `leg of ${id}` });
      const next = tell({ kind: 'next asked', call });
      return { id, answered: answered.ncco, next: next.ncco };
    },
    offer(agent: string): Reservation {
      const found = [...desk.reservations.values()].findLast((each) => each.agent === agent);
      if (found === undefined) throw new Error(`${agent} was offered nothing`);
      return found;
    },
    of(call: string): DeskCall {
      const found = desk.calls.get(call);
      if (found === undefined) throw new Error(`no call ${call}`);
      return found;
    },
    /** Agents who are offered the call now. */
    rung(call: string): string[] {
      return [...desk.reservations.values()]
        .filter((each) => each.call === call && ['created', 'dialing', 'ringing'].includes(each.state))
        .map(({ agent }) => agent);
    },
  };
  return test;
}
