import { expect, it } from 'vitest';
import { consoleEn } from '../strings/console-en.ts';
import { outcomeWords } from './call-words.ts';

it.each([
  [{ end: 'completed', exit: 'completed', hungUpBy: 'platform' }, 'Completed · ended by the desk'],
  [{ end: 'nobody-answered', exit: 'callback', hungUpBy: 'platform' }, 'Callback · ended by the desk'],
  [{ end: 'completed', exit: 'completed', hungUpBy: 'agent' }, 'Completed · agent hung up'],
  [{ end: 'completed', exit: null, hungUpBy: 'platform' }, 'Completed · ended by Vonage'],
] as const)('what the platform ends at a desk is not said to be Vonage’s doing: %j', (call, words) => {
  expect(outcomeWords(call, false, consoleEn)).toBe(words);
});
