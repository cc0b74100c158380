import { expect, test } from 'vitest';
import { builtInQueue } from '../../domain/desk/built-in.ts';
import { holdMusic } from './music.ts';

test('the music is a WAV of twenty seconds, never silent for long and never clipped', () => {
  const file = holdMusic();
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  const samples = new Int16Array(file.buffer, file.byteOffset + 44, (file.length - 44) / 2);
  expect(samples.length / 16_000).toBe(20);
  expect(builtInQueue('main', []).musicSeconds).toBe(20);
  for (let second = 0; second < 20; second += 1) {
    const part = samples.subarray(second * 16_000, (second + 1) * 16_000);
    const loudest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(loudest).toBeGreaterThan(1_000);
    expect(loudest).toBeLessThan(32_767);
  }
});

test('the loop has no seam: its end runs on into its beginning', () => {
  const file = holdMusic();
  const samples = new Int16Array(file.buffer, file.byteOffset + 44, (file.length - 44) / 2);
  expect(Math.abs((samples.at(-1) ?? 0) - (samples[0] ?? 0))).toBeLessThan(1_500);
});
