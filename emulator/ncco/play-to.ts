import type { AudioSource } from '../media/source.ts';
import type { Stage } from './action.ts';

/** Where something is played; without `keys` nothing that the person does ends it. */
export type Playground = Pick<Stage, 'leg' | 'signal'> & Partial<Pick<Stage, 'keys'>>;

/** Picks the leg up and plays to it. Resolves at its end, or when keys cut it short, or the signal is aborted. */
export async function playTo({ leg, signal, keys }: Playground, source: AudioSource): Promise<void> {
  if (signal.aborted) return;
  leg.answer();
  if (keys?.filled) return;
  const playback = leg.port.play(source);
  const stop = () => playback.stop();
  const stopWatching = keys?.onFilled(stop);
  signal.addEventListener('abort', stop);
  await playback.ended;
  stopWatching?.();
  signal.removeEventListener('abort', stop);
}
