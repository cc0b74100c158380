import { z } from 'zod';
import type { AppPages } from '../calls/exchange.ts';
import type { Leg } from '../calls/leg.ts';
import type { User } from '../provisioning/account.ts';
import type { World } from '../world.ts';

const length = z.number().min(0).max(86_400);

/** A length of time in seconds: always the same, or anything between two, as chance has it. */
export const seconds = z.union([
  length,
  z.tuple([length, length]).refine(([least, most]) => least <= most, 'must begin with the shorter one'),
]);

type Seconds = z.input<typeof seconds>;

/** What the page of a user does with each call, without a person, a browser or sound. */
export const agentRule = z.discriminatedUnion('does', [
  z.strictObject({
    does: z.literal('answer'),
    /** Seconds that it rings. */
    after: seconds.default(0),
    /** Seconds after the answer until the user hangs up; without it, the user stays. */
    hangUpAfter: seconds.optional(),
  }),
  z.strictObject({ does: z.literal('reject'), after: seconds.default(0) }),
  /** It rings, and nobody answers. */
  z.strictObject({ does: z.literal('ring') }),
  /** No page is open. */
  z.strictObject({ does: z.literal('away') }),
]);

export type AgentRule = z.input<typeof agentRule>;

/** Pages of users, some of them without anybody. */
export interface HeadlessAgents extends AppPages {
  /** Sets the rule for calls to the user; undefined: they ring on real pages. */
  rule(user: User, rule: AgentRule | undefined): void;
}

/** @param pages of the users that have no rule. */
export function createHeadlessAgents(pages: AppPages, world: World): HeadlessAgents {
  const rules = new Map<string, z.output<typeof agentRule>>();

  function treat(leg: Leg, rule: z.output<typeof agentRule>): void {
    if (rule.does !== 'away') leg.ring();
    if (rule.does !== 'answer' && rule.does !== 'reject') return;
    let cancel = world.after(drawMs(rule.after, world), () => {
      if (rule.does === 'reject') return leg.finish({ cause: 'rejected' });
      leg.answer();
      const { hangUpAfter } = rule;
      if (hangUpAfter === undefined) return;
      cancel = world.after(drawMs(hangUpAfter, world), () => leg.finish({ cause: 'hung-up-here' }));
    });
    leg.observe({ ended: () => cancel() });
  }

  return {
    rule(user, rule) {
      if (rule) rules.set(user.id, agentRule.parse(rule));
      else rules.delete(user.id);
    },
    ring(leg, user) {
      const rule = rules.get(user.id);
      if (rule) treat(leg, rule);
      else pages.ring(leg, user);
    },
    audioSwitched: pages.audioSwitched.bind(pages),
  };
}

/** Milliseconds, drawn by the world's chance where there is a choice. */
export function drawMs(length: Seconds, world: World): number {
  if (typeof length === 'number') return length * 1000;
  const [least, most] = length;
  return Math.round((least + (most - least) * world.random()) * 1000);
}
