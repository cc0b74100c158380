import type { Belief } from './belief.ts';
import { calls } from './beliefs/calls.ts';
import { webhooks } from './beliefs/webhooks.ts';

/** Everything that is tried, at most 25: each costs a call or two. */
export const BELIEFS: readonly Belief[] = [...calls, ...webhooks];
