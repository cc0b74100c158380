import { expect, it } from 'vitest';
import { outcomeOf } from './outcome.ts';

it.each([
  [null, null, null],
  [null, 'completed', 'answered'],
  [null, 'caller-gave-up', 'missed'],
  [null, 'application-error', 'failed'],
  ['abandoned', 'caller-gave-up', 'abandoned'],
  // One agent declined it, another took it.
  ['completed', 'rejected', 'answered'],
  ['voicemail', null, 'voicemail'],
  ['overflow', 'completed', 'missed'],
] as const)('left the desk as %s and ended as %s: %s', (exit, end, outcome) => {
  expect(outcomeOf({ exit, end })).toBe(outcome);
});
