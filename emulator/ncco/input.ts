import { z } from 'zod';
import { inputEvent } from '../webhooks/call-events.ts';
import { defineAction, type Outcome, type Stage } from './action.ts';
import { collectInput, type InputLimits } from './collect-input.ts';
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
export const input = defineAction('input', schema, async (action, stage) => {
  stage.leg.answer();
  return action.mode === 'asynchronous' ? passOn(action, stage) : await ask(action, stage);
});

async function ask(action: InputAction, stage: Stage): Promise<Outcome | undefined> {
  const { leg, signal } = stage;
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
  const result = await collectInput(leg, limits, stage.keys.take(), signal);
  if (!result) return undefined;
  const next = await stage.ask(eventTarget(action), inputEvent(leg.facts(), result, leg.world.now()));
  return next && { next };
}

/** `mode: asynchronous`: from now on each key is sent at once, whatever the NCCO goes on to do. */
function passOn(action: InputAction, { leg, ask, keys, services }: Stage): undefined {
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
