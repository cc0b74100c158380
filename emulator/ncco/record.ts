import { z } from 'zod';
import type { Conversation } from '../calls/leg.ts';
import { onVoiceOf } from '../calls/leg-sound.ts';
import { levelDbfs } from '../media/pcm.ts';
import { beep } from '../media/tones.ts';
import type { WebhookAddress } from '../provisioning/account.ts';
import { type Recording, startRecording } from '../recordings/recording.ts';
import { recordEvent } from '../webhooks/call-events.ts';
import { type ActionContext, defineAction, type Services } from './action.ts';
import { eventFields, eventTarget, flag, numeric } from './fields.ts';
import { playTo } from './play.ts';

/** What is softer (RMS, dBFS) is silence. */
const SILENCE = -45;

const schema = z
  .looseObject({
    format: z.enum(['mp3', 'wav', 'ogg']).optional(),
    split: z.literal('conversation').optional(),
    channels: numeric(z.int().min(1).max(32)).optional(),
    endOnSilence: numeric(z.number().min(3).max(10)).optional(),
    endOnKey: z
      .string()
      .regex(/^[0-9*#]$/, 'must be one key: 0-9, * or #')
      .optional(),
    timeOut: numeric(z.int().min(3).max(7200)).optional(),
    beepStart: flag.optional(),
    transcription: z.looseObject({}).optional(),
    ...eventFields,
  })
  .refine(({ channels = 1, split }) => channels === 1 || split !== undefined, {
    path: ['channels'],
    message: 'needs split: "conversation"',
  });

type RecordAction = z.infer<typeof schema>;

/**
 * `record`: picks the leg up and records its conversation. With an end (`endOnSilence`, `endOnKey`, `timeOut`) the
 * next action waits for it; without one the recording goes on until the leg is over.
 */
export const record = defineAction('record', schema, async (action, context) => {
  const { leg, services, signal } = context;
  if (action.format && action.format !== 'wav') {
    services.sayOnce(`Recordings are always WAV, even if an NCCO asks for ${action.format}.`);
  }
  if (action.transcription) services.sayOnce('Recordings are not transcribed, even if an NCCO asks for it.');
  leg.answer();
  if (action.beepStart) await playTo({ leg, signal }, beep());
  if (signal.aborted) return undefined;
  const ended = recordLeg(action, context);
  if (action.endOnSilence || action.endOnKey || action.timeOut) await ended;
  return undefined;
});

/** Resolves when the recording has ended, on its own or with the leg, and has been reported. */
function recordLeg(action: RecordAction, { leg, services, signal }: ActionContext): Promise<void> {
  const { world } = leg;
  const channels = action.channels ?? (action.split ? 2 : 1);
  const recording = startRecording(leg.conversation.room, { channels, first: leg.uuid }, world);
  const undo: (() => void)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let over = false;

  function stop(): void {
    if (over) return;
    over = true;
    for (const fn of undo) fn();
    announceRecording(recording.stop(), leg, eventTarget(action), services);
    resolve();
  }
  const stopOn = (end: AbortSignal) => {
    end.addEventListener('abort', stop);
    undo.push(() => end.removeEventListener('abort', stop));
  };

  undo.push(leg.observe({ moved: () => recording.follow(leg.conversation.room) }));
  stopOn(leg.over);
  const { endOnSilence, endOnKey, timeOut } = action;
  if (endOnSilence || endOnKey || timeOut) stopOn(signal);
  if (timeOut) undo.push(world.after(timeOut * 1000, stop));
  if (endOnKey) {
    undo.push(leg.observe({ pressed: (_leg, digits) => digits.includes(endOnKey) && stop() }));
  }
  if (endOnSilence) undo.push(afterSilence(leg, endOnSilence * 1000, stop));
  return promise;
}

/** Calls `fn` once the person on a leg has said nothing for `ms` milliseconds. Returns the undo. */
function afterSilence(leg: ActionContext['leg'], ms: number, fn: () => void): () => void {
  const { world } = leg;
  let heardAt = world.now();
  const stopListening = onVoiceOf(leg, (frame) => {
    if (levelDbfs(frame) > SILENCE) heardAt = world.now();
  });
  let cancel = () => {};
  const wait = () => {
    const left = heardAt + ms - world.now();
    if (left <= 0) fn();
    else cancel = world.after(left, wait);
  };
  wait();
  return () => {
    cancel();
    stopListening();
  };
}

/** Keeps a recording that has ended, and tells the application where to get it. */
export function announceRecording(
  { wav, startedAt, endedAt }: ReturnType<Recording['stop']>,
  { conversation }: { conversation: Conversation },
  target: WebhookAddress | undefined,
  { exchange, files, url }: Services,
): void {
  const { world } = exchange.parts;
  const id = world.uuid();
  const { application } = conversation;
  files.keep(id, application.id, wav);
  const event = recordEvent(
    conversation.id,
    { id, url: `${url}/v1/files/${id}`, size: wav.length, startedAt, endedAt },
    world.now(),
  );
  void exchange.tell(conversation, target ?? application.webhooks.event, event);
}
