import { z } from 'zod';
import type { Conversation } from '../calls/leg.ts';
import { onVoiceOf } from '../calls/leg-sound.ts';
import type { AudioFormat } from '../media/audio-encoder.ts';
import { levelDbfs } from '../media/pcm.ts';
import { beep } from '../media/tones.ts';
import type { WebhookAddress } from '../provisioning/account.ts';
import type { RecordedFile } from '../recordings/files.ts';
import { type Recording, startRecording } from '../recordings/recording.ts';
import { timeToSay, transcriptOf, type Utterance } from '../recordings/transcript.ts';
import { recordEvent, transcribedEvent } from '../webhooks/call-events.ts';
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
    transcription: z.looseObject({ language: z.string().optional(), ...eventFields }).optional(),
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
  const { leg, signal } = context;
  leg.answer();
  if (action.beepStart) await playTo({ leg, signal }, beep(), { hears: 'tone' });
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
  const said: Utterance[] = [];
  const undo: (() => void)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let over = false;

  function stop(): void {
    if (over) return;
    over = true;
    for (const fn of undo) fn();
    const settings = {
      events: eventTarget(action),
      ...(action.format && { format: action.format }),
      ...(action.transcription && {
        transcription: { said, events: eventTarget(action.transcription) },
      }),
    };
    void announceRecording(recording.stop(), leg, settings, services).then(resolve);
  }
  const stopOn = (end: AbortSignal) => {
    end.addEventListener('abort', stop);
    undo.push(() => end.removeEventListener('abort', stop));
  };

  undo.push(leg.observe({ moved: () => recording.follow(leg.conversation.room) }));
  stopOn(leg.over);
  if (action.transcription) undo.push(listenTo(leg, recording, said, services));
  const { endOnSilence, endOnKey, timeOut } = action;
  if (endOnSilence || endOnKey || timeOut) stopOn(signal);
  if (timeOut) undo.push(world.after(timeOut * 1000, stop));
  if (endOnKey) {
    undo.push(leg.observe({ pressed: (_leg, digits) => digits.includes(endOnKey) && stop() }));
  }
  if (endOnSilence) undo.push(afterSilence(leg, endOnSilence * 1000, stop));
  return promise;
}

/** Writes down what is said in the conversation of a leg while it is recorded. Returns the undo. */
function listenTo(
  leg: ActionContext['leg'],
  recording: Recording,
  said: Utterance[],
  { exchange }: Services,
): () => void {
  return exchange.onText((speaker, text, by) => {
    if (speaker.conversation !== leg.conversation) return;
    const duration = by === 'person' ? timeToSay(text) : by.platform;
    const channel = recording.channelOf(by === 'person' ? speaker.uuid : undefined);
    said.push({ text, channel, at: leg.world.now() - recording.startedAt, duration });
  });
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

interface RecordingSettings {
  /** Instead of the application's event URL. */
  events: WebhookAddress | undefined;
  format?: AudioFormat;
  transcription?: { said: Utterance[]; events: WebhookAddress | undefined };
}

/** More channels than this are a wav: so the documentation of `format` has it, and the other formats hold no more. */
const MOST_CHANNELS = 2;

/**
 * Keeps a recording that has ended, and tells the application where to get it, and where what was said in it.
 * Resolves when that is done.
 */
export function announceRecording(
  { sound, startedAt, endedAt }: ReturnType<Recording['stop']>,
  { conversation }: { conversation: Conversation },
  { events, format = 'mp3', transcription }: RecordingSettings,
  { exchange, files, encoder, sayOnce, url }: Services,
): Promise<void> {
  const { world } = exchange.parts;
  const { application } = conversation;
  const target = events ?? application.webhooks.event;
  const wanted = sound.channelCount > MOST_CHANNELS ? 'wav' : format;

  async function encode(): Promise<RecordedFile> {
    try {
      return { kind: wanted, content: await encoder.encode(sound, wanted) };
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      sayOnce(`Recordings are WAV: the ${wanted} encoder ${because}.`);
      return { kind: 'wav', content: await encoder.encode(sound, 'wav') };
    }
  }

  async function announce(): Promise<void> {
    const file = await world.trackPending(encode());
    const id = world.uuid();
    files.keep(id, application.id, file);
    const told = { id, url: `${url}/v1/files/${id}`, size: file.content.length, startedAt, endedAt };
    void exchange.tell(conversation, target, recordEvent(conversation.id, told, world.now()));
    if (!transcription) return;
    const textId = world.uuid();
    const length = { channelCount: sound.channelCount, duration: endedAt - startedAt };
    const transcript = transcriptOf(id, transcription.said, length);
    files.keep(textId, application.id, { kind: 'json', content: Buffer.from(JSON.stringify(transcript)) });
    const event = transcribedEvent(conversation.id, id, `${url}/v1/files/${textId}`, world.now());
    void exchange.tell(conversation, transcription.events ?? target, event);
  }
  return exchange.untilTold(announce());
}
