import type { Leg } from '../calls/leg.ts';
import type { InputResult } from '../webhooks/call-events.ts';

/** What is waited for; at least one of the two. */
export interface InputLimits {
  keys?: {
    /** Seconds after the last key, or without any. */
    timeOut: number;
    maxDigits: number;
    submitOnHash: boolean;
  };
  speech?: {
    /** Seconds within which something must be said. */
    startTimeout: number;
    /** Who is listened to; absent: the person on the leg itself. */
    speaker?: Leg;
  };
}

/**
 * Waits until the person on a leg has pressed enough keys, or has said something, or the time for both is up.
 * Whatever begins first counts, and ends the wait for the other.
 * @param kept what was pressed and said before.
 * @returns undefined when the signal was aborted.
 */
export function collectInput(
  leg: Leg,
  limits: InputLimits,
  kept: { digits: string; speech: string | undefined },
  signal: AbortSignal,
): Promise<InputResult | undefined> {
  return new Promise((resolve) => {
    const { keys, speech } = limits;
    let digits = '';
    let over = false;
    let keysTimedOut = false;
    let speechTimedOut = false;
    let cancelKeys = () => {};
    let cancelSpeech = () => {};

    function finish(result: InputResult | undefined): void {
      if (over) return;
      over = true;
      cancelKeys();
      cancelSpeech();
      for (const stop of stops) stop();
      signal.removeEventListener('abort', giveUp);
      resolve(result);
    }

    const giveUp = () => finish(undefined);
    const submit = (timedOut: boolean) => finish({ digits, timedOut });

    function waitForKeys(): void {
      if (!keys) return;
      cancelKeys();
      cancelKeys = leg.world.after(keys.timeOut * 1000, () => {
        keysTimedOut = true;
        if (digits !== '' || !speech) submit(true);
        else if (speechTimedOut) finish({ digits, timedOut: true, silent: true });
      });
    }

    function press(more: string): void {
      if (!keys || more === '') return;
      cancelSpeech();
      for (const key of more) {
        if (over) return;
        const submits = key === '#' && keys.submitOnHash;
        if (!submits) digits += key;
        if (submits || digits.length >= keys.maxDigits) submit(false);
      }
      if (!over) waitForKeys();
    }

    function hear(text: string): void {
      if (speech && digits === '') finish({ text });
    }

    const stops = [
      leg.observe({ pressed: (_leg, more) => press(more) }),
      (speech?.speaker ?? leg).observe({ said: (_leg, text) => hear(text) }),
    ];
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp);
    waitForKeys();
    if (speech) {
      cancelSpeech = leg.world.after(speech.startTimeout * 1000, () => {
        speechTimedOut = true;
        if (!keys) finish({ silent: true });
        else if (keysTimedOut) finish({ digits, timedOut: true, silent: true });
      });
    }
    press(kept.digits);
    if (!over && kept.speech !== undefined) hear(kept.speech);
  });
}
