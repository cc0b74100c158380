import type { Call, Effect, Ending, Parties, Phone, Step } from './phone-state.ts';

export const CLOSE_AUDIO: Effect = { type: 'close-audio' };

/** A step without effects. */
export function same(phone: Phone): Step {
  return { phone, effects: [] };
}

/** Ends the call and its audio. */
export function end(phone: Phone, parties: Parties, ending: Ending): Step {
  return { phone: { ...phone, call: { phase: 'ended', parties, ending } }, effects: [CLOSE_AUDIO] };
}

/** Starts a new attempt, and prepares its audio first. */
export function prepare(phone: Phone, listening: boolean, begin: (attempt: number) => Call): Step {
  const attempt = phone.attempts + 1;
  return {
    phone: { ...phone, attempts: attempt, call: begin(attempt) },
    effects: [{ type: 'prepare-audio', attempt, listening }],
  };
}
