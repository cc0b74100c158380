import { z } from 'zod';
import { samplesSource, withLevel } from '../media/source.ts';
import { defineAction, type Stage } from './action.ts';
import { flag, level, loop, oneUrl } from './fields.ts';
import { playTo } from './play-to.ts';

const schema = z.looseObject({ streamUrl: oneUrl, level, loop, bargeIn: flag.optional() });

export interface StreamSettings {
  /** One address of an mp3 or a 16-bit wav. */
  streamUrl: readonly [string];
  /** -1…1. */
  level?: number | undefined;
  /** 0 repeats it without end. */
  loop?: number | undefined;
}

/** `stream`: picks the leg up and plays a file to it. A file that cannot be played is told, and passed over. */
export const stream = defineAction('stream', schema, async (action, stage) => {
  if (action.bargeIn) stage.keys.open();
  await playStream(action, stage);
  return undefined;
});

/** Plays a file to a leg. Resolves when it has ended, the leg is over, or the signal is aborted. */
export async function playStream(
  { streamUrl: [address], level = 0, loop = 1 }: StreamSettings,
  stage: Pick<Stage, 'leg' | 'services' | 'signal'> & Partial<Pick<Stage, 'keys'>>,
): Promise<void> {
  const { leg, services } = stage;
  const loaded = await services.streams.load(address);
  if (stage.signal.aborted) return;
  if (loaded.ok) await playTo(stage, samplesSource(withLevel(loaded.samples, level), { loop }));
  else services.exchange.reportError(leg.conversation, `Stream ${address} ${loaded.reason}`);
}
