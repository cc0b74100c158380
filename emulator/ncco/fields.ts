import { z } from 'zod';
import type { Leg } from '../calls/leg.ts';
import type { WebhookAddress } from '../provisioning/account.ts';

/** Fields that several actions have. */

/** Vonage takes a flag as a boolean or as its text. */
export const flag = z.union([z.boolean(), z.stringbool()], 'must be true or false');

/** A number of a certain kind, or its text, and nothing else: not `null`, `true` or `""`, which JavaScript reads as one. */
export const numeric = (kind: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), kind);

export const webUrl = z.url({ protocol: /^https?$/, hostname: /.*/ });

/** An array of exactly one address, as Vonage writes every URL of an action. */
export const oneUrl = z.tuple([webUrl], 'must be an array of exactly one URL');

/** Where the events of an action go, instead of to the application's event URL. */
export const eventFields = {
  eventUrl: oneUrl.optional(),
  eventMethod: z.enum(['GET', 'POST']).optional(),
};

/** The webhook of an action; undefined when the application's own is meant. */
export function eventTarget(action: {
  eventUrl?: [string] | undefined;
  eventMethod?: 'GET' | 'POST' | undefined;
}): WebhookAddress | undefined {
  if (!action.eventUrl) return undefined;
  return { address: action.eventUrl[0], method: action.eventMethod ?? 'POST' };
}

/** -1 is silence, 0 as it is, 1 twice as loud. */
export const level = numeric(z.number().min(-1).max(1)).optional();

/** How often it is played; 0 repeats it without end. */
export const loop = numeric(z.int().min(0)).optional();

const legs = z.array(z.string());

/** Fields of actions that bring a leg into a conversation: lists of leg ids; an empty one is nobody. */
export const audience = { canHear: legs.optional(), canSpeak: legs.optional() };

/** Applies these fields to the place that a leg has now. */
export function listenAs(
  { port }: Leg,
  action: { canHear?: string[] | undefined; canSpeak?: string[] | undefined; mute?: boolean | undefined },
): void {
  port.canHear = action.canHear && new Set(action.canHear);
  port.canSpeak = action.canSpeak && new Set(action.canSpeak);
  port.muted = action.mute ?? false;
}
