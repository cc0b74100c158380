import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { HeadlessPhone, PhoneRule } from '../phone/headless.ts';
import { createHeadlessPhone } from '../phone/headless.ts';
import type { Directory } from '../provisioning/account.ts';
import type { AgentRule, HeadlessAgents } from './agents.ts';
import type { Caller } from './caller.ts';
import { createCaller } from './caller.ts';

/** People without a device or sound, who treat calls by rules: for tests and scenarios. */
export interface People {
  /**
   * Calls a number of the platform (default: the first application's) from a telephone (default: 447700900000).
   * Throws, with words, when the number is not in service.
   */
  call(numbers?: { from?: string; to?: string }): Caller;
  /**
   * Lets calls to a user of the first application be treated by a rule, without a page; makes the user if need be.
   * Without a rule they ring at real pages again.
   */
  agent(name: string, rule?: AgentRule): void;
  /** Puts a telephone on the network that treats each call by a rule; default: it answers at once. */
  phone(number: string, rule?: PhoneRule): HeadlessPhone;
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
  return {
    call({ from = caller, to = directory.numbersOf(directory.defaultApplicationId)[0] ?? '' } = {}) {
      const dialled = dial({ from, to });
      if (!dialled.ok) throw new Error(dialled.message);
      return createCaller(dialled.leg, (leg, digits) => exchange.press(leg, digits));
    },
    agent(name, rule) {
      const users = directory.users(directory.defaultApplicationId);
      const user = users.byName(name) ?? users.add(name);
      if (user) agents.rule(user, rule);
    },
    phone: (number, rule) =>
      createHeadlessPhone({ phones: exchange.phones, world, number, ...(rule && { rule }) }),
  };
}
