import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rounds } from '../../test/support/soak.ts';
import { builtInQueue } from './built-in.ts';
import type { Control, Person, SupervisionMode } from './controls.ts';
import { decide, isStillWanted, nextDue } from './decide.ts';
import { type Desk, isOffer, isOpen, newAgent, offersOf, type PageState } from './desk.ts';
import type { DeskEvent, DeskFact, Effect, EffectOutcome } from './events.ts';
import { evolve } from './evolve.ts';
import type { DeskRules } from './rules.ts';
import { deskRules, READY } from './testing.ts';
import { ENGLISH } from './texts.ts';

const AGENTS = ['Alice', 'Bob', 'Carol'];
const START = Date.parse('2026-03-02T09:00:00Z');
const OURS = '442038297050';

/** Desks that differ in what they offer callers and how they ring agents. */
const rules: fc.Arbitrary<DeskRules> = fc
  .record({
    addAgentSeconds: fc.constantFrom(null, 5),
    wrapUpSeconds: fc.constantFrom(0, 10),
    callback: fc.boolean(),
    voicemail: fc.boolean(),
    mostWaiting: fc.constantFrom(null, 1),
    overflow: fc.constantFrom('voicemail' as const, 'apology' as const, { queue: 'other' }),
    longestWait: fc.constantFrom(30, 600),
  })
  .chain((queue) =>
    fc.boolean().map((hasMenu) => {
      const main = { agents: AGENTS, ...queue };
      const built = deskRules(main);
      const menu = hasMenu ? { text: 'Press 1.', keys: { '1': 'main', '2': 'other' } } : null;
      return {
        ...built,
        otherNumbers: { ...built.otherNumbers, menu },
        queues: { ...built.queues, other: { ...builtInQueue('other', ['Bob']), nobodyAfter: 20 } },
      };
    }),
  );

const WHATS = [
  ...(['arrives', 'arrives', 'turn', 'turn', 'menu', 'next', 'next', 'answers', 'answers'] as const),
  ...(['agent leg', 'agent leg', 'customer leg', 'caller ends', 'page', 'page', 'page closes'] as const),
  ...(['chooses', 'wraps up', 'hangs up', 'effect', 'effect', 'effect', 'time', 'time'] as const),
  ...(['server starts', 'again', 'control', 'guest answers', 'guest leg', 'dials', 'dialler ends'] as const),
];

/** In a call that is controlled, and does not end soon. */
const WHATS_IN_CALL: readonly What[] = [
  ...(['control', 'control', 'control', 'control', 'control', 'next', 'next', 'next', 'turn'] as const),
  ...(['answers', 'answers', 'answers', 'agent leg', 'guest answers', 'guest answers', 'guest leg'] as const),
  ...(['effect', 'effect', 'effect', 'time', 'page', 'page', 'page', 'page closes', 'chooses'] as const),
  ...(['hangs up', 'wraps up', 'again', 'arrives'] as const),
];

/** Something that happens. Numbers choose among what there is then. */
const stepOf = (whats: readonly What[], longest: number) =>
  fc.record({
    what: fc.constantFrom(...whats),
    which: fc.nat(99),
    how: fc.nat(99),
    /** Milliseconds that have passed since the step before. Clocks are set back a little now and then. */
    after: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
      { weight: 2, arbitrary: fc.integer({ min: 3_000, max: longest }) },
      { weight: 1, arbitrary: fc.integer({ min: -500, max: -1 }) },
    ),
  });
type What = (typeof WHATS)[number];
type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer Value> ? Value : never;

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % all.length];

const AGENT_LEG = [
  ...(['started', 'ringing', 'rejected', 'rang out', 'unreachable'] as const),
  ...(['ended by the agent', 'ended by the platform'] as const),
];

/** What may become of a request. */
function outcomeOf(effect: Effect, how: number): EffectOutcome {
  const leg =
    effect.kind === 'create leg'
      ? `leg of ${effect.reservation}`
      : effect.kind === 'call number'
        ? `leg of ${effect.guest}`
        : null;
  const outcomes: EffectOutcome[] = [
    { is: 'done', leg },
    { is: 'done', leg },
    { is: 'done', leg: null },
    { is: 'gone' },
    { is: 'failed', reason: 'refused' },
  ];
  return pick(outcomes, how) ?? { is: 'gone' };
}

/** What agents and supervisors may want to do. */
function controlsWith(agent: string, how: number): Control[] {
  const person: Person = how % 3 === 0 ? { number: '441614960018' } : { agent };
  const mode = pick<SupervisionMode>(['listen', 'whisper', 'barge'], how) ?? 'listen';
  return [
    { action: 'hold' },
    { action: 'resume' },
    { action: 'consult', to: person },
    { action: 'consult', to: person },
    { action: 'transfer', to: how % 4 === 0 ? { queue: 'other' } : person },
    { action: 'swap' },
    { action: 'merge' },
    { action: 'complete' },
    { action: 'cancel' },
    { action: 'say', phrase: 'hours' },
    { action: 'record', on: how % 2 === 0 },
    { action: 'supervise', mode },
    { action: 'leave' },
    { action: 'end' },
    { action: 'move', to: how % 2 === 0 ? 'front' : { queue: 'other' } },
  ];
}

const GUEST_LEG = ['started', 'ringing', 'busy', 'declined', 'no answer', 'unreachable', 'ended'] as const;

/** The desk without what a caller hears at the moment, which each question for the next NCCO begins anew. */
function lasting({ agents, calls, reservations }: Desk) {
  const lastingCalls = [...calls.values()].map(({ turnBy, heardAt, hears, told, ...call }) => call);
  return { agents, reservations, calls: lastingCalls };
}

/** A desk to which anything happens, and which looks at itself after each fact. */
function createUnruly(given: DeskRules) {
  const before: Desk = {
    agents: new Map(AGENTS.map((name) => [name, newAgent(name, START)])),
    calls: new Map(),
    reservations: new Map(),
  };
  let desk = before;
  let now = START;
  let ids = 0;
  const events: DeskEvent[] = [];
  const told: DeskFact[] = [];
  /** What the platform was asked for and has not answered. */
  let asked: Effect[] = [];

  const around = () => ({
    rules: given,
    now,
    craft: { base: 'https://desk.example', language: undefined, texts: ENGLISH },
    newId: () => `${++ids}`,
    handleTimes: () => [],
    isOpen: () => true,
    opensAt: () => null,
  });

  function tell(fact: DeskFact): void {
    const decision = decide(desk, fact, around());
    desk = decision.desk;
    told.push(fact);
    events.push(...decision.events);
    asked.push(...decision.effects);
    look();
    // The next turn of a caller is decided anew; repeats of the request are answered by the log.
    if (fact.kind === 'turn asked' || fact.kind === 'control') return;
    const again = decide(desk, fact, around());
    expect(lasting(again.desk), `${fact.kind} told twice`).toEqual(lasting(desk));
  }

  /** What holds at any time. */
  function look(): void {
    expect(events.reduce(evolve, before)).toEqual(desk);
    const reservations = [...desk.reservations.values()];
    for (const name of AGENTS) {
      expect(reservations.filter((each) => each.agent === name && isOpen(each)).length).toBeLessThan(2);
    }
    for (const call of desk.calls.values()) {
      // An agent who dialled may hear, after the end of the call, why nobody was reached.
      const isOutlived = call.kind === 'outbound' && call.stage === 'ended' && call.answeredAt === null;
      const takes = reservations.filter(
        ({ call: of, role, state }) =>
          of === call.id &&
          role === 'agent' &&
          (state === 'connected' || (state === 'accepting' && !isOutlived)),
      );
      const isTransferred = call.guest?.purpose === 'transfer';
      const isTaken = !isTransferred && ['connecting', 'talking', 'held'].includes(call.stage);
      expect(
        takes.map(({ id }) => id),
        `reservations of a call that is ${call.stage}`,
      ).toEqual(isTaken ? [call.reservation] : []);
      if (isTaken && call.stage !== 'connecting') expect(takes[0]?.state).toBe('connected');
      if (isTransferred) expect(call.reservation).toBeNull();
      if (call.stage === 'leaving' || call.stage === 'ended') {
        expect(offersOf(desk, call.id), `offers of a call that is ${call.stage}`).toEqual([]);
      }
      if (call.stage === 'ended') expect([call.exit === null, call.guest]).toEqual([false, null]);
    }
    for (const each of reservations) {
      // Whoever is bound to a call is free by herself, or the platform is asked about her call.
      if (isOpen(each) && each.state !== 'connected') expect(each.until).not.toBeNull();
      const stage = desk.calls.get(each.call)?.stage;
      if (isOffer(each) && each.role === 'agent') expect(stage).toBe('waiting');
      else if (each.role !== 'agent' && isOpen(each) && each.state !== 'wrapping') {
        expect(['leaving', 'ended']).not.toContain(stage);
      }
    }
    const isOnLine = [...desk.calls.values()].some(({ leg, stage }) => leg !== null && stage !== 'ended');
    if (isOnLine) expect(nextDue(desk, given, now)).not.toBeNull();
    for (const id of desk.calls.keys()) {
      const own = events.filter((each) => 'call' in each && each.call === id);
      expect(own.filter(({ kind }) => kind === 'left').length).toBeLessThan(2);
      expect(own.filter(({ kind }) => kind === 'ended').length).toBeLessThan(2);
    }
  }

  /** A request has been carried out, or was not; undefined where it is no longer wanted and not even sent. */
  function settled(effect: Effect, outcome: EffectOutcome): DeskFact | undefined {
    asked = asked.filter((each) => each !== effect);
    return isStillWanted(desk, effect) ? { kind: 'effect done', effect, outcome } : undefined;
  }

  /** What the desk is told; undefined where it cannot happen now. */
  function factOf({ what, which, how }: Step): DeskFact | undefined {
    const call = pick([...desk.calls.keys()], which);
    const reservation = pick([...desk.reservations.keys()], which);
    const agent = pick(AGENTS, which) ?? '';
    const from = pick(['447700900001', '447700900002', null], how) ?? null;
    const caller = { from, to: OURS, regionUrl: null };
    // Now and then a second leg of the same offer, or one that is not named.
    const leg = pick(
      [`leg of ${reservation}`, `leg of ${reservation}`, `second leg of ${reservation}`, null],
      how,
    );
    switch (what) {
      case 'arrives':
        return { kind: 'call arrived', leg: `c${which % 5}`, ...caller };
      case 'turn': {
        // One that began without the store, or one that is known.
        const isLate = how % 7 === 0;
        const known = isLate ? `late${which % 2}` : call;
        if (known === undefined || /^(?:cb|ob)/.test(known)) return undefined;
        const keys = pick(['', '', '1', '2'], how) ?? '';
        return {
          kind: 'turn asked',
          call: known,
          turn: how,
          keys,
          enqueuedAt: isLate ? now - 10_000 : null,
          caller,
        };
      }
      case 'menu':
        return call === undefined ? undefined : { kind: 'menu answered', call, keys: `${how % 4}` };
      case 'next':
        return call === undefined ? undefined : { kind: 'next asked', call };
      case 'answers':
        if (reservation === undefined || leg == null) return undefined;
        return { kind: 'agent answered', reservation, leg };
      case 'agent leg': {
        const is = pick(AGENT_LEG, which + how);
        if (reservation === undefined || leg === undefined || is === undefined) return undefined;
        return { kind: 'agent leg', reservation, leg, is };
      }
      case 'dials':
        return {
          kind: 'agent dials',
          leg: `d${which % 5}`,
          agent,
          to: pick(['+44 161 496 0018', '+44 161 496 0019', '112', null], how) ?? null,
          ours: OURS,
          regionUrl: null,
        };
      case 'dialler ends':
        return { kind: 'caller ended', call: `d${which % 5}`, hungUp: how % 2 === 0 };
      case 'customer leg': {
        const made = [...desk.calls.keys()].filter((each) => /^(?:cb|ob)/.test(each));
        const [id, is] = [
          pick(made, which),
          pick(['started', 'ringing', 'busy', 'no answer', 'ended'] as const, how),
        ];
        if (id === undefined || is === undefined) return undefined;
        return { kind: 'customer leg', call: id, leg: `customer of ${id}`, is };
      }
      case 'caller ends':
        return call === undefined ? undefined : { kind: 'caller ended', call };
      case 'page': {
        const page: PageState = {
          ...READY,
          line: how % 9 === 0 ? 'down' : 'up',
          tab: how % 11 === 0 ? 'other tab' : 'tab',
        };
        return { kind: 'page seen', agent, page, until: now + 9_000 };
      }
      case 'page closes':
        return { kind: 'page closed', agent, until: now + 4_000 };
      case 'chooses': {
        const choice = pick(['available', 'available', 'away', 'offline'] as const, how) ?? 'available';
        return {
          kind: 'chose',
          agent,
          chosen: { choice, reason: null },
          after: which % 4 === 0 ? 'call' : 'now',
        };
      }
      case 'wraps up':
        return { kind: 'wrap-up', agent, does: 'end' };
      case 'hangs up':
        return call === undefined ? undefined : { kind: 'agent hung up', agent, call };
      case 'effect': {
        const effect = pick(asked, which);
        return effect && settled(effect, outcomeOf(effect, how));
      }
      case 'time':
        return { kind: 'time passed' };
      case 'server starts':
        return { kind: 'server started', agents: AGENTS, until: now + 15_000 };
      case 'again':
        return pick(told, which);
      case 'control': {
        const control = pick(controlsWith(pick(AGENTS, how) ?? '', how), which);
        const id = pick([...desk.calls.keys()], how);
        if (id === undefined || control === undefined) return undefined;
        // Mostly by the agent whose call it is.
        const own = desk.reservations.get(desk.calls.get(id)?.reservation ?? '')?.agent;
        const by = how % 5 === 0 ? agent : (own ?? agent);
        return { kind: 'control', call: id, by, mayControl: how % 2 === 0, control };
      }
      case 'guest answers':
      case 'guest leg': {
        const inCall = [...desk.calls.values()].find(({ guest }) => guest !== null && 'number' in guest.to);
        if (inCall?.guest == null) return undefined;
        const { id, guest } = inCall;
        const of = `leg of ${guest.id}`;
        if (what === 'guest answers') return { kind: 'guest answered', call: id, guest: guest.id, leg: of };
        const is = pick(GUEST_LEG, how) ?? 'ended';
        return { kind: 'guest leg', call: id, guest: guest.id, leg: of, is };
      }
    }
  }

  return {
    happen(step: Step): void {
      now += step.after;
      const fact = factOf(step);
      if (fact !== undefined) tell(fact);
    },
    /** All legs have ended, all pages are closed. The desk may be told of it; what it asks is answered so. */
    end(isTold: boolean) {
      if (isTold) {
        for (const { id, kind, leg } of desk.calls.values()) {
          if (kind === 'inbound') tell({ kind: 'caller ended', call: id });
          else if (leg !== null) tell({ kind: 'customer leg', call: id, leg, is: 'ended' });
        }
        for (const { id, leg } of desk.reservations.values()) {
          tell({ kind: 'agent leg', reservation: id, leg, is: 'ended by the platform' });
        }
      }
      for (let second = 0; second < 240; second += 5) {
        now += 5_000;
        tell({ kind: 'time passed' });
        for (const effect of asked) {
          const fact = settled(effect, { is: 'gone' });
          if (fact !== undefined) tell(fact);
        }
      }
    },
    get desk() {
      return desk;
    },
  };
}

/** All is over once all legs are. */
function endsWell(unruly: ReturnType<typeof createUnruly>, isTold: boolean): void {
  unruly.end(isTold);
  const { calls, reservations } = unruly.desk;
  // Who is to be called back waits for an agent.
  const open = [...calls.values()].filter(
    ({ stage, leg }) => stage !== 'ended' && (stage !== 'waiting' || leg !== null),
  );
  expect(open, isTold ? 'calls that were told to have ended' : 'calls that have ended').toEqual([]);
  expect([...reservations.values()].filter(isOpen)).toEqual([]);
}

/** The same ones in each `npm test`, many others in each soak. */
const runs = (usual: number) =>
  rounds({ usual: 0, soak: 1 }) === 0 ? { numRuns: usual, seed: 1 } : { numRuns: usual * 50 };

test('whatever happens in whatever order, each agent and each caller has one place', {
  timeout: rounds({ usual: 120_000, soak: 3_600_000 }),
}, () => {
  fc.assert(
    fc.property(
      rules,
      fc.array(stepOf(WHATS, 70_000), { minLength: 5, maxLength: 60 }),
      fc.boolean(),
      (given, steps, isTold) => {
        const unruly = createUnruly(given);
        for (const each of steps) unruly.happen(each);
        endsWell(unruly, isTold);
      },
    ),
    runs(200),
  );
});

/** Alice talks to a caller, and the others are there. */
const BEGINNING: readonly Step[] = (
  ['page', 'arrives', 'agent leg', 'answers', 'next', 'page', 'page'] as const
).map((what, at) => ({
  what,
  which: at === 5 ? 1 : at === 6 ? 2 : 0,
  how: what === 'page' ? 1 : 0,
  after: 100,
}));

test('whatever agents and supervisors do in a call, in whatever order, everybody has one place', {
  timeout: rounds({ usual: 120_000, soak: 3_600_000 }),
}, () => {
  fc.assert(
    fc.property(
      rules.filter(({ otherNumbers }) => otherNumbers.menu === null),
      fc.array(stepOf(WHATS_IN_CALL, 20_000), { minLength: 40, maxLength: 60 }),
      fc.boolean(),
      (given, steps, isTold) => {
        const unruly = createUnruly(given);
        for (const each of [...BEGINNING, ...steps]) unruly.happen(each);
        endsWell(unruly, isTold);
      },
    ),
    runs(100),
  );
});
