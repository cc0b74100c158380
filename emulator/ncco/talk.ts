import type { Leg } from '../calls/leg.ts';
import { toSample } from '../media/pcm.ts';
import { samplesSource } from '../media/source.ts';
import type { Speaker } from '../media/speech.ts';
import type { TalkAction } from './ncco.ts';

/** `talk`: picks the leg up and speaks to it, to the end of the text or of the leg. */
export async function talk(action: TalkAction, leg: Leg, speaker: Speaker): Promise<void> {
  const speech = await speaker.speak(action.text, action.language ? { language: action.language } : {});
  if (leg.end) return;
  leg.answer();
  // level: -1 is silence, 0 as it is, 1 twice as loud. loop 0 repeats it without end.
  const gain = 1 + (action.level ?? 0);
  const samples = gain === 1 ? speech : speech.map((sample) => toSample(sample * gain));
  await leg.port.play(samplesSource(samples, { loop: action.loop ?? 1 })).ended;
}
