import { z } from 'zod';
import type { World } from '../world.ts';

const length = z.number().min(0).max(86_400);

/** A length of time in seconds: always the same, or anything between two, as chance has it. */
export const seconds = z.union([
  length,
  z.tuple([length, length]).refine(([least, most]) => least <= most, 'must begin with the shorter one'),
]);

type Seconds = z.input<typeof seconds>;

/** Milliseconds, drawn by the world's chance where there is a choice. */
export function drawMs(length: Seconds, world: World): number {
  if (typeof length === 'number') return length * 1000;
  const [least, most] = length;
  return Math.round((least + (most - least) * world.random()) * 1000);
}
