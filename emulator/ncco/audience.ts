import { z } from 'zod';
import type { Leg } from '../calls/leg.ts';

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
