import { z } from 'zod';
import { pause } from '../world.ts';
import { defineAction } from './action.ts';
import { numeric } from './fields.ts';

/** Seconds; what is beyond a limit counts as the limit (Vonage's NCCO reference, wait). */
const SHORTEST = 0.1;
const LONGEST = 7200;
const DEFAULT = 10;

const schema = z.looseObject({ timeout: numeric(z.number()).default(DEFAULT) });

/** `wait`: the next action begins so many seconds later. */
export const wait = defineAction('wait', schema, async ({ timeout }, { leg, signal }) => {
  await pause(leg.world, Math.min(LONGEST, Math.max(SHORTEST, timeout)) * 1000, signal);
  return undefined;
});
