import { describe, expect, it } from 'vitest';
import { createEstimatedSpeaker } from './estimated-speech.ts';
import { createKeyDetector } from './key-detector.ts';
import { levelDbfs, SAMPLE_RATE } from './pcm.ts';
import { toFrames } from './testing.ts';

describe('an estimated speech', () => {
  const speaker = createEstimatedSpeaker();
  const seconds = async (text: string) => (await speaker.speak(text)).length / SAMPLE_RATE;

  it('takes about as long as real speech, and always the same time', async () => {
    const text = 'Please wait while we connect you to an agent';
    expect(await seconds(text)).toBeGreaterThan(2);
    expect(await seconds(text)).toBeLessThan(5);
    expect(await seconds(text)).toBe(await seconds(text));
  });

  it('takes longer for longer text, no time for none, and ignores tags', async () => {
    expect(await seconds('one two three')).toBeGreaterThan(await seconds('one two'));
    expect(await seconds('  ')).toBe(0);
    expect(await seconds('<speak>one two</speak>')).toBe(await seconds('one two'));
    expect(await seconds('a '.repeat(2000))).toBeGreaterThan(60);
  });

  it('sounds, and has no keys in it', async () => {
    const heard: string[] = [];
    const detect = createKeyDetector((key) => heard.push(key));
    const samples = await speaker.speak('one two three');
    expect(levelDbfs(samples)).toBeCloseTo(-20, 0);
    for (const frame of toFrames(samples)) detect(frame);
    expect(heard).toEqual([]);
  });
});
