import { expect, it } from 'vitest';
import { consoleEn } from '../strings/console-en.ts';
import { outcomeWords, statusWords } from './call-words.ts';

it.each([
  [{ end: 'completed', exit: 'completed', hungUpBy: 'platform' }, 'Completed · ended by the desk'],
  [{ end: 'nobody-answered', exit: 'callback', hungUpBy: 'platform' }, 'Callback · ended by the desk'],
  [{ end: 'completed', exit: 'completed', hungUpBy: 'agent' }, 'Completed · agent hung up'],
  [{ end: 'completed', exit: null, hungUpBy: 'platform' }, 'Completed · ended by Vonage'],
  [
    { end: 'completed', exit: 'completed', hungUpBy: 'caller', direction: 'outbound' },
    'Completed · customer hung up',
  ],
] as const)('what the platform ends at a desk is not said to be Vonage’s doing: %j', (call, words) => {
  expect(outcomeWords({ direction: 'inbound', ...call }, false, consoleEn)).toBe(words);
});

it.each([
  [{ status: 'started', queue: null, exit: null }, 'New'],
  [{ status: 'started', queue: 'main', exit: null }, 'Waiting'],
  [{ status: 'ringing', queue: 'main', exit: null }, 'Ringing'],
  [{ status: 'ended', queue: 'main', exit: 'completed' }, 'Ended'],
] as const)('a call of a queue that rings nobody is that of somebody who waits: %j', (call, words) => {
  expect(statusWords(call, consoleEn)).toBe(words);
});
