import { z } from 'zod';
import type { Leg } from '../calls/leg.ts';
import { type InputResult, inputEvent } from '../webhooks/call-events.ts';
import { type ActionContext, defineAction, type Outcome } from './action.ts';
import { eventFields, eventTarget, flag, numeric } from './fields.ts';

const dtmf = z.looseObject({
  timeOut: numeric(z.number().min(0).max(10)).default(3),
  maxDigits: numeric(z.int().min(1).max(20)).default(4),
  submitOnHash: flag.default(false),
});

const speech = z.looseObject({
  startTimeout: numeric(z.number().min(1).max(60)).default(10),
  endOnSilence: numeric(z.number().min(0.4).max(10)).optional(),
  maxDuration: numeric(z.number().min(1).max(60)).optional(),
  language: z.string().optional(),
  context: z.array(z.string()).optional(),
  uuid: z.tuple([z.string()], 'must be an array of exactly one leg').optional(),
  sensitivity: numeric(z.number().min(0).max(100)).optional(),
  saveAudio: flag.optional(),
});

const schema = z
  .looseObject({
    type: z
      .array(z.enum(['dtmf', 'speech']))
      .min(1)
      .default(['dtmf']),
    dtmf: dtmf.optional(),
    speech: speech.optional(),
    mode: z.enum(['synchronous', 'asynchronous']).default('synchronous'),
    ...eventFields,
  })
  .superRefine(({ mode, type, dtmf }, { addIssue }) => {
    if (mode !== 'asynchronous') return;
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (dtmf && Object.keys(dtmf).length > 0) refuse('dtmf', 'must be left out with mode "asynchronous"');
    if (type.includes('speech')) refuse('type', 'must be ["dtmf"] with mode "asynchronous"');
  });

type InputAction = z.infer<typeof schema>;

/** `input`: waits for keys or speech, and sends them to the application, which may reply with a new NCCO. */
export const input = defineAction('input', schema, async (action, context) => {
  context.leg.answer();
  return action.mode === 'asynchronous' ? passOn(action, context) : await ask(action, context);
});

async function ask(action: InputAction, context: ActionContext): Promise<Outcome | undefined> {
  const { leg, signal } = context;
  const limits: InputLimits = {};
  if (action.type.includes('dtmf')) {
    const { timeOut, maxDigits, submitOnHash } = action.dtmf ?? dtmf.parse({});
    limits.keys = { timeOut, maxDigits, submitOnHash };
  }
  if (action.type.includes('speech')) {
    const { startTimeout, uuid } = action.speech ?? speech.parse({});
    const speaker = uuid && leg.conversation.legs.find((one) => one.uuid === uuid[0]);
    limits.speech = { startTimeout, ...(speaker && { speaker }) };
  }
  const result = await collectInput(leg, limits, context.keys.take(), signal);
  if (!result) return undefined;
  const next = await context.ask(eventTarget(action), inputEvent(leg.facts(), result, leg.world.now()));
  return next && { next };
}

/** `mode: asynchronous`: from now on each key is sent immediately, while the NCCO continues. */
function passOn(action: InputAction, { leg, ask, keys, services }: ActionContext): undefined {
  const send = async (digit: string) => {
    const result = { digits: digit, timedOut: false };
    const next = await ask(eventTarget(action), inputEvent(leg.facts(), result, leg.world.now()));
    if (next) services.programs.of(leg).run(next);
  };
  const sendAll = (digits: string) => {
    for (const digit of digits) void send(digit);
  };
  sendAll(keys.take().digits);
  leg.observe({ pressed: (_leg, digits) => sendAll(digits) });
}

/** What is waited for; at least one of the two. */
interface InputLimits {
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
function collectInput(
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
