import type { Caller } from '../headless/caller.ts';
import { drawMs } from '../headless/seconds.ts';
import type { World } from '../world.ts';
import { pause } from '../world.ts';
import type { CallPlan } from './scenario.ts';

type Step = CallPlan['steps'][number];

/**
 * Does what a plan says for one caller, step by step, and waits for the end of the call.
 * @returns what could not be done, in words.
 */
export async function playCall(caller: Caller, steps: readonly Step[], world: World): Promise<string[]> {
  try {
    for (const [index, step] of steps.entries()) await take(step, `steps[${index}]`, caller, world);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await caller.over;
  }
}

async function take(step: Step, place: string, caller: Caller, world: World): Promise<void> {
  if (step.on) {
    await caller.until(step.on).catch((error: Error) => {
      throw new Error(`${place}: ${error.message}`);
    });
  }
  await Promise.race([pause(world, drawMs(step.after, world)), caller.over]);
  // Who wants to hang up does not mind that it is over.
  if (step.hangUp) return caller.hangUp();
  const what = step.press === undefined ? 'say' : 'press';
  if (caller.leg.end) throw new Error(`${place}: the call ended before there was time to ${what}`);
  if (step.press !== undefined) caller.press(step.press);
  if (step.say !== undefined) caller.say(step.say);
}
