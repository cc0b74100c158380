import { z } from 'zod';
import { samplesSource, withLevel } from '../media/source.ts';
import { defineAction, type Stage } from './action.ts';
import { flag, level, loop, numeric } from './fields.ts';
import { playTo } from './play-to.ts';

const schema = z.looseObject({
  text: z.string().min(1).max(1500),
  language: z.string().min(2).max(20).optional(),
  level,
  loop,
  bargeIn: flag.optional(),
  style: numeric(z.int().min(0)).optional(),
  premium: flag.optional(),
});

export interface TalkSettings {
  /** At most 1500 characters; SSML when it begins with `<speak`. */
  text: string;
  /** BCP-47; English when absent. */
  language?: string | undefined;
  /** -1…1. */
  level?: number | undefined;
  /** 0 repeats it without end. */
  loop?: number | undefined;
}

/** `talk`: picks the leg up and speaks to it, to the end of the text. */
export const talk = defineAction('talk', schema, async (action, stage) => {
  if (action.bargeIn) stage.keys.open();
  await speak(action, stage);
  return undefined;
});

/** Speaks to a leg. Resolves when the text has ended, the leg is over, or the signal is aborted. */
export async function speak(
  { text, language, level = 0, loop = 1 }: TalkSettings,
  stage: Pick<Stage, 'leg' | 'services' | 'signal'> & Partial<Pick<Stage, 'keys'>>,
): Promise<void> {
  const { speaker } = stage.services.exchange.parts;
  const samples = await stage.leg.world.during(speaker.speak(text, language ? { language } : {}));
  await playTo(stage, samplesSource(withLevel(samples, level), { loop }));
}
