import type { Leg } from '../../../emulator/calls/leg.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../../../emulator/media/pcm.ts';
import type { AudioSource } from '../../../emulator/media/source.ts';
import { createFakePeer, sine, toFrames, toneLevel } from '../../../emulator/media/testing.ts';

/** dBFS: an audible voice is above the first, an inaudible one below the second. */
export const HEARD = -24;
export const UNHEARD = -50;

/** A person on a leg who hums and records what they hear. */
export interface Voice {
  /** What was heard, in seconds since the voice joined. */
  heard(from: number, to: number): Int16Array;
  /** How loud a tone was heard in that time, in dBFS. */
  level(hertz: number, from: number, to: number): number;
  /** Makes these sounds, instead of the hum. */
  make(sounds: AudioSource): void;
}

/** Gives a leg a voice of one frequency, or a silent listener without one. */
export function giveVoice(leg: Leg, hertz?: number): Voice {
  const peer = createFakePeer();
  leg.connectMedia(peer);
  const hum = hertz === undefined ? [new Int16Array(FRAME_SAMPLES)] : toFrames(sine(hertz, 100));
  let sounds: AudioSource | undefined;
  let spoken = 0;
  const speak = () => {
    if (leg.end) return;
    let frame = hum[spoken++ % hum.length] ?? new Int16Array(FRAME_SAMPLES);
    if (sounds) {
      frame = new Int16Array(FRAME_SAMPLES);
      if (!sounds.read(frame)) sounds = undefined;
    }
    peer.say(frame);
    leg.world.after(FRAME_MS, speak);
  };
  speak();
  const heard = (from: number, to: number) => {
    const frames = peer.sent.slice((from * 1000) / FRAME_MS, (to * 1000) / FRAME_MS);
    const samples = new Int16Array(frames.length * FRAME_SAMPLES);
    for (const [i, frame] of frames.entries()) samples.set(frame, i * FRAME_SAMPLES);
    return samples;
  };
  return {
    heard,
    level: (tone, from, to) => toneLevel(heard(from, to), tone),
    make(other) {
      sounds = other;
    },
  };
}
