import { z } from 'zod';
import { SAMPLE_RATE } from '../media/pcm.ts';
import type { Played } from '../media/room.ts';
import { type AudioSource, samplesSource } from '../media/source.ts';
import { speechText, wordsOf } from '../media/speech-text.ts';
import type { LoadedStream } from '../media/stream-loader.ts';
import { pause } from '../world.ts';
import { type ActionContext, defineAction, type StreamSettings, type TalkSettings } from './action.ts';
import { flag, level, loop, numeric, oneUrl } from './fields.ts';

/** Where something is played; without `keys` nothing that the person does ends it. */
type PlaybackContext = Pick<ActionContext, 'leg' | 'signal'> & Partial<Pick<ActionContext, 'keys'>>;

/** Picks the leg up and plays to it. Resolves at its end, or when keys cut it short, or the signal is aborted. */
export async function playTo(
  { leg, signal, keys }: PlaybackContext,
  source: AudioSource,
  what: Played,
): Promise<void> {
  if (signal.aborted) return;
  leg.answer();
  if (keys?.filled) return;
  const playback = leg.port.play(source, what);
  const stop = () => playback.stop();
  const stopWatching = keys?.onFilled(stop);
  signal.addEventListener('abort', stop);
  await playback.ended;
  stopWatching?.();
  signal.removeEventListener('abort', stop);
}

const talkSchema = z.looseObject({
  text: z.string().min(1).max(1500),
  language: z.string().min(2).max(20).optional(),
  level,
  loop,
  bargeIn: flag.optional(),
  style: numeric(z.int().min(0)).optional(),
  premium: flag.optional(),
});

/** `talk`: picks the leg up and speaks to it, to the end of the text. */
export const talk = defineAction('talk', talkSchema, async (action, context) => {
  if (action.bargeIn) context.keys.open();
  await speak(action, context);
  return undefined;
});

/** Speaks to a leg. Resolves when the text has ended, the leg is over, or the signal is aborted. */
export async function speak(
  { text, language, level = 0, loop = 1 }: TalkSettings,
  context: Pick<ActionContext, 'leg' | 'services' | 'signal'> & Partial<Pick<ActionContext, 'keys'>>,
): Promise<void> {
  const { speaker } = context.services.exchange.parts;
  const samples = await context.leg.world.trackPending(speaker.speak(text, language ? { language } : {}));
  const words = wordsOf(speechText(text)).trim();
  if (!context.signal.aborted) context.leg.speakTo(words, Math.round((samples.length / SAMPLE_RATE) * 1000));
  const source = samplesSource(samples, { loop, level });
  await playTo(context, source, { hears: 'text', text: words });
}

const streamSchema = z.looseObject({ streamUrl: oneUrl, level, loop, bargeIn: flag.optional() });

/** `stream`: answers the leg and plays a file to it. A file that cannot be played is reported and skipped. */
export const stream = defineAction('stream', streamSchema, async (action, context) => {
  if (action.bargeIn) context.keys.open();
  await playStream(action, context);
  return undefined;
});

/** Plays a file to a leg. Resolves when it has ended, the leg is over, or the signal is aborted. */
export async function playStream(
  { streamUrl: [address], level = 0, loop = 1 }: StreamSettings,
  context: Pick<ActionContext, 'leg' | 'services' | 'signal'> & Partial<Pick<ActionContext, 'keys'>>,
): Promise<void> {
  const { leg, services } = context;
  const loaded = await loadSound(address, 'stream', context);
  if (context.signal.aborted) return;
  if (loaded.ok) {
    const source = samplesSource(loaded.samples, { loop, level });
    await playTo(context, source, { hears: 'music', url: address });
  } else services.exchange.reportError(leg.conversation, `Stream ${address} ${loaded.reason}`);
}

/** Fetches a sound for a leg. @param what the name of its action, or of its field, in an NCCO */
export function loadSound(
  address: string,
  what: string,
  { leg, services }: Pick<ActionContext, 'leg' | 'services'>,
): Promise<LoadedStream> {
  const { application, conversation, uuid } = leg;
  const use = { what, conversation: conversation.id, leg: uuid, application: application.id };
  return services.streams.load(address, use);
}

/** Seconds; what is beyond a limit counts as the limit (Vonage's NCCO reference, wait). */
const SHORTEST = 0.1;
const LONGEST = 7200;
const DEFAULT = 10;

const waitSchema = z.looseObject({ timeout: numeric(z.number()).default(DEFAULT) });

/** `wait`: the next action begins some seconds later. */
export const wait = defineAction('wait', waitSchema, async ({ timeout }, { leg, signal }) => {
  await pause(leg.world, Math.min(LONGEST, Math.max(SHORTEST, timeout)) * 1000, signal);
  return undefined;
});
