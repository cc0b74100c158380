import { z } from 'zod';
import type { AppPages } from '../calls/exchange.ts';
import type { Leg } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import type { User } from '../provisioning/account.ts';
import type { World } from '../world.ts';

const length = z.number().min(0).max(86_400);

/** A length of time in seconds: always the same, or anything between two, as chance has it. */
export const seconds = z.union([
  length,
  z.tuple([length, length]).refine(([least, most]) => least <= most, 'must begin with the shorter one'),
]);

type Seconds = z.input<typeof seconds>;

const answer = z
  .strictObject({
    does: z.literal('answer'),
    /** Seconds that it rings. */
    after: seconds.default(0),
    /** Seconds after the answer until the user hangs up; without it, the user stays. */
    hangUpAfter: seconds.optional(),
    /** Seconds after the answer until the page is gone without a word, as when its machine crashes. */
    vanishAfter: seconds.optional(),
    /** Seconds after that until it is back. The platform waits 25 s for it, and then ends the call. */
    backAfter: seconds.optional(),
  })
  .refine(({ vanishAfter, backAfter }) => backAfter === undefined || vanishAfter !== undefined, {
    path: ['backAfter'],
    message: 'needs vanishAfter',
  });

type Answer = z.output<typeof answer>;

const reject = z.strictObject({ does: z.literal('reject'), after: seconds.default(0) });

/** A page that only rings, or is not there, for a while or to the end. */
const waiting = <Does extends 'ring' | 'away'>(does: Does) =>
  z.strictObject({
    does: z.literal(does),
    /** Seconds until the next rule. */
    for: seconds.optional(),
    get next() {
      return agentRule.optional();
    },
  });

/** What the page of a user does with a call, without a person, a browser or sound. */
export type AgentRule =
  | z.input<typeof answer>
  | z.input<typeof reject>
  /** `ring`: nobody answers. `away`: no page is open. */
  | { does: 'ring' | 'away'; for?: Seconds | undefined; next?: AgentRule | undefined };

type ReadRule =
  | Answer
  | z.output<typeof reject>
  | { does: 'ring' | 'away'; for?: Seconds | undefined; next?: ReadRule | undefined };

export const agentRule: z.ZodType<ReadRule, AgentRule> = z.discriminatedUnion('does', [
  answer,
  reject,
  waiting('ring'),
  waiting('away'),
]);

/** A call to a user, as a rule that is a function sees it. */
export interface AgentCall {
  from: string | null;
  /** How many calls the user has had with this one, since the rule was set. */
  count: number;
  /** Resolves when the user's leg is over, with how it ended. A page would know it first. */
  over: Promise<LegEnd>;
}

/** One rule for all calls; or the first for the first call, and so on, the last for all that follow; or any by code. */
export type AgentBehaviour = AgentRule | readonly AgentRule[] | ((call: AgentCall) => AgentRule);

/** Not a union of schemas, which would not say where the fault is. */
export const agentBehaviour = z.custom<AgentBehaviour>().superRefine((value, { addIssue }) => {
  if (typeof value === 'function') return;
  const schema = Array.isArray(value) ? z.array(agentRule).min(1) : agentRule;
  for (const { message, path } of schema.safeParse(value).error?.issues ?? [])
    addIssue({ code: 'custom', message, path });
});

/** Pages of users, some of them without anybody. */
export interface HeadlessAgents extends AppPages {
  /** From now on, calls to the user are treated so, however many at once; undefined: they ring at real pages. */
  rule(user: User, behaviour: AgentBehaviour | undefined): void;
}

/** @param pages of the users that have no rule. */
export function createHeadlessAgents(pages: AppPages, world: World): HeadlessAgents {
  const rules = new Map<string, (call: AgentCall) => AgentRule>();
  const counts = new Map<string, number>();

  function treat(leg: Leg, rule: ReadRule): void {
    let cancel = () => {};
    const later = (after: Seconds, fn: () => void) => {
      cancel = world.after(drawMs(after, world), fn);
    };
    leg.observe({ ended: () => cancel() });
    const stay = ({ hangUpAfter }: Answer) => {
      if (hangUpAfter !== undefined) later(hangUpAfter, () => leg.finish({ cause: 'hung-up-here' }));
    };
    const vanish = (call: Answer) => {
      leg.changeMedia('lost');
      if (call.backAfter === undefined) return;
      later(call.backAfter, () => {
        leg.changeMedia('connected');
        stay(call);
      });
    };
    const follow = (current: ReadRule): void => {
      if (current.does !== 'away') leg.ring();
      if (current.does === 'reject') {
        later(current.after, () => leg.finish({ cause: 'rejected' }));
      } else if (current.does === 'answer') {
        later(current.after, () => {
          leg.answer();
          if (current.vanishAfter === undefined) stay(current);
          else later(current.vanishAfter, () => vanish(current));
        });
      } else if (current.next && current.for !== undefined) {
        const { next } = current;
        later(current.for, () => follow(next));
      }
    };
    follow(rule);
  }

  return {
    rule(user, behaviour) {
      counts.delete(user.id);
      if (behaviour) rules.set(user.id, asFunction(agentBehaviour.parse(behaviour)));
      else rules.delete(user.id);
    },
    ring(leg, user) {
      const rule = rules.get(user.id);
      if (!rule) {
        pages.ring(leg, user);
        return;
      }
      const count = (counts.get(user.id) ?? 0) + 1;
      counts.set(user.id, count);
      const { promise: over, resolve } = Promise.withResolvers<LegEnd>();
      leg.observe({ ended: (_leg, end) => resolve(end) });
      treat(leg, agentRule.parse(rule({ from: leg.from, count, over })));
    },
    audioSwitched: pages.audioSwitched.bind(pages),
  };
}

function asFunction(behaviour: AgentBehaviour): (call: AgentCall) => AgentRule {
  if (typeof behaviour === 'function') return behaviour;
  const all = [behaviour].flat();
  return ({ count }) => all[Math.min(count, all.length) - 1] ?? { does: 'ring' };
}

/** Milliseconds, drawn by the world's chance where there is a choice. */
export function drawMs(length: Seconds, world: World): number {
  if (typeof length === 'number') return length * 1000;
  const [least, most] = length;
  return Math.round((least + (most - least) * world.random()) * 1000);
}
