import { expect, test } from 'vitest';
import { EAR_RATE, share, TONE, windowsOf } from './sound.ts';

const sound = (parts: readonly (readonly [hertz: number, level: number])[]) =>
  Array.from({ length: EAR_RATE }, (_, i) =>
    parts.reduce((sum, [hertz, level]) => sum + level * Math.sin((2 * Math.PI * hertz * i) / EAR_RATE), 0),
  );

test.each([
  ['silence', [], 0, 0],
  ['the tone', [[TONE, 0.2]], 1, 0],
  ['another sound', [[300, 0.2]], 0, 1],
  [
    'the tone below another sound',
    [
      [TONE, 0.1],
      [300, 0.15],
    ],
    1,
    1,
  ],
  ['a tone too quiet to count', [[TONE, 0.002]], 0, 0],
] as const)('%s is told from other sounds', (_name, parts, tone, other) => {
  const windows = windowsOf(sound(parts));
  expect(windows).toHaveLength(10);
  expect(share(windows, (window) => window.tone)).toBe(tone);
  expect(share(windows, (window) => window.other)).toBe(other);
});
