import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { Heard } from '../calls/hearing.ts';
import type { Leg } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import type { Directory } from '../provisioning/account.ts';
import type { AgentBehaviour, HeadlessAgents } from './agents.ts';
import { createHeadlessPhone, type HeadlessPhone, type PhoneRule } from './phone.ts';

/** People without a device, who treat calls by rules: for tests and scenarios. */
export interface People {
  /**
   * Calls a number of the platform (default: the first application's) from a telephone (default: 447700900000).
   * Throws, with words, when the number is not in service.
   */
  call(numbers?: { from?: string; to?: string }): Caller;
  /**
   * Lets calls to a user of the first application be treated by a rule, without a page; makes the user if need be.
   * Without a rule they ring at real pages again. The user can call, too.
   */
  agent(name: string, behaviour?: AgentBehaviour): Agent;
  /** Adds a phone that handles each call by a rule. Default: it answers immediately. */
  phone(number: string, rule?: PhoneRule): HeadlessPhone;
  /**
   * What a leg has heard since it was answered, oldest first, without a gap; of a long call the latest 1,000 parts.
   * Throws, with words, when there is no such leg.
   */
  heard(uuid: string): Heard[];
  /** The parts of `heard` in which a leg heard nothing for longer than a number of seconds. */
  silences(uuid: string, longerThan: number): Heard[];
}

/** A user of the first application without a page. */
export interface Agent {
  /**
   * Calls, as the Client SDK's `serverCall(context)` does: the answer URL gets `context.to` as `to`, and all of the
   * context as `custom_data`.
   */
  dial(context?: { to?: string; [name: string]: unknown }): Caller;
}

interface PeopleParts {
  exchange: Exchange;
  directory: Directory & { readonly defaultApplicationId: string };
  agents: HeadlessAgents;
  dial: (request: DialRequest) => DialResult;
  /** Own number of who calls and says none. */
  caller: string;
}

export function createPeople({ exchange, directory, agents, dial, caller }: PeopleParts): People {
  const { world } = exchange.parts;
  function heard(uuid: string): Heard[] {
    const leg = exchange.leg(uuid);
    if (!leg) throw new Error(`There is no leg ${uuid}, or its call ended long ago.`);
    return exchange.heard(leg);
  }
  return {
    heard,
    silences: (uuid, longerThan) =>
      heard(uuid).filter(({ hears, from, to }) => hears === 'silence' && to - from > longerThan * 1000),
    call({ from = caller, to = directory.numbersOf(directory.defaultApplicationId)[0] ?? '' } = {}) {
      const dialled = dial({ from, to });
      if (!dialled.ok) throw new Error(dialled.message);
      return createCaller(dialled.leg, exchange);
    },
    agent(name, behaviour) {
      const id = directory.defaultApplicationId;
      const users = directory.users(id);
      const user = users.byName(name) ?? users.add(name);
      if (user) agents.rule(user, behaviour);
      return {
        dial(context = {}) {
          const application = directory.application(id);
          if (!application || !user) throw new Error(`${name} belongs to no application any more.`);
          const leg = exchange.callFromUser(application, user, {
            ...(context.to !== undefined && { to: context.to }),
            ...(Object.keys(context).length > 0 && { customData: context }),
          });
          const caller = createCaller(leg, exchange);
          exchange.takeCallOfUser(leg);
          return caller;
        },
      };
    },
    phone: (number, rule) =>
      createHeadlessPhone({ phones: exchange.phones, world, number, ...(rule && { rule }) }),
  };
}

/**
 * What a caller can wait for: the number picked up, someone else is in the call, a text or file that was played
 * has come to its end.
 */
export const HAPPENINGS = ['answered', 'connected', 'speech ended'] as const;
type Happening = (typeof HAPPENINGS)[number];

/** A telephone without a device that calls: for tests and scenarios. */
export interface Caller {
  readonly leg: Leg;
  /**
   * Resolves when it happens; at once when it has happened and nobody waited for it yet. Rejects, with words, when
   * the call ends first.
   */
  until(happening: Happening): Promise<void>;
  press(digits: string): void;
  /** Says something aloud, which the platform understands without fail. */
  say(text: string): void;
  hangUp(): void;
  /** What the caller has heard since the answer: see `People.heard`. */
  heard(): Heard[];
  /** Resolves when the caller's leg is over. */
  readonly over: Promise<LegEnd>;
}

function createCaller(leg: Leg, exchange: Exchange): Caller {
  /** How often each has happened that nobody has waited for, and who waits for each. */
  const happened: Record<Happening, number> = { answered: 0, connected: 0, 'speech ended': 0 };
  const waiting: Record<Happening, PromiseWithResolvers<void>[]> = {
    answered: [],
    connected: [],
    'speech ended': [],
  };
  const { promise: over, resolve: endOver } = Promise.withResolvers<LegEnd>();

  function happen(what: Happening): void {
    const first = waiting[what].shift();
    if (first) first.resolve();
    else happened[what] += 1;
  }

  const listen = () => leg.port.onPlayed(() => happen('speech ended'));
  let stopListening = listen();
  leg.observe({
    answered: () => happen('answered'),
    joined: () => happen('connected'),
    moved() {
      stopListening();
      stopListening = listen();
    },
    ended(_leg, end) {
      for (const what of HAPPENINGS) {
        for (const { reject } of waiting[what]) reject(endedBefore(what));
      }
      endOver(end);
    },
  });

  return {
    leg,
    over,
    async until(what) {
      if (happened[what] > 0) happened[what] -= 1;
      else if (leg.end) throw endedBefore(what);
      else {
        const mine = Promise.withResolvers<void>();
        waiting[what].push(mine);
        await mine.promise;
      }
    },
    press: (digits) => exchange.press(leg, digits),
    say: (text) => leg.say(text),
    heard: () => exchange.heard(leg),
    hangUp: () => leg.finish({ cause: 'hung-up-here' }),
  };
}

function endedBefore(what: Happening): Error {
  return new Error(`the call ended before "${what}"`);
}
