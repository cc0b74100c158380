import type { Call, Effect, Ending, Parties, Phone, Step } from './phone-state.ts';

export const CLOSE_AUDIO: Effect = { type: 'close-audio' };

/** Nothing else is to be done. */
export function same(phone: Phone): Step {
  return { phone, effects: [] };
}

/** The call is over, and its sound too. */
export function end(phone: Phone, parties: Parties, ending: Ending): Step {
  return { phone: { ...phone, call: { phase: 'ended', parties, ending } }, effects: [CLOSE_AUDIO] };
}

/** Begins a call of its own attempt, for which sound is prepared first. */
export function prepare(phone: Phone, listening: boolean, begin: (attempt: number) => Call): Step {
  const attempt = phone.attempts + 1;
  return {
    phone: { ...phone, attempts: attempt, call: begin(attempt) },
    effects: [{ type: 'prepare-audio', attempt, listening }],
  };
}
