import { z } from 'zod';
import type { Leg } from './leg.ts';

/** Milliseconds from the answer until the platform has heard who it is. */
const LISTENING = 500;
/** Milliseconds from there to the beep of an answering machine. */
const UNTIL_BEEP = 1000;

export const detectionBehavior = z.enum(['continue', 'hangup']);

/** `advanced_machine_detection`, as the Voice API documents it. */
export const advancedDetection = z.looseObject({
  behavior: detectionBehavior.default('continue'),
  mode: z.enum(['default', 'detect', 'detect_beep']).default('default'),
  beep_timeout: z.coerce.number().int().min(45).max(120).optional(),
});

export interface MachineDetection {
  behavior: z.infer<typeof detectionBehavior>;
  /** Whether the beep is told too. */
  beep: boolean;
}

/** What a call asks for; undefined when it asks for nothing. The advanced wish counts more. */
export function detectionOf(
  simple: MachineDetection['behavior'] | undefined,
  advanced: z.infer<typeof advancedDetection> | undefined,
): MachineDetection | undefined {
  if (advanced) return { behavior: advanced.behavior, beep: advanced.mode !== 'detect' };
  return simple && { behavior: simple, beep: false };
}

/** Tells whether a person or a machine answered the leg, and hangs up on a machine where that is wanted. */
export function detectMachine(leg: Leg, { behavior, beep }: MachineDetection): void {
  const { world } = leg;
  const cancel = world.after(LISTENING, () => {
    if (leg.end) return;
    leg.report(leg.answeredBy);
    if (leg.answeredBy === 'human') return;
    if (behavior === 'hangup') leg.finish({ cause: 'machine' });
    else if (beep)
      world.after(UNTIL_BEEP, () => leg.end || leg.report('machine', { sub_state: 'beep_start' }));
  });
  leg.observe({ ended: cancel });
}
