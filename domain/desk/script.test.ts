import { expect, test } from 'vitest';
import { menu, waitingTurn } from './script.ts';
import { deskRules } from './testing.ts';
import { ENGLISH } from './texts.ts';

const craft = { base: 'http://127.0.0.1', language: 'en-GB', texts: ENGLISH };
const call = { id: 'c1', from: '447700900123' };

function firstWords(ncco: ReturnType<typeof menu>): string {
  const [first] = ncco;
  return first?.action === 'talk' ? first.text : '';
}

test.each([
  ['Please wait while we connect you', 'Please wait while we connect you. To leave a message, press 2.'],
  ['Welcome to Example Limited.', 'Welcome to Example Limited. To leave a message, press 2.'],
  ['¿Dígame?', '¿Dígame? To leave a message, press 2.'],
  [' ', 'To leave a message, press 2.'],
])('a greeting and the keys are sentences of their own: %j', (greeting, said) => {
  const { main } = deskRules({ voicemail: true }).queues;
  expect(main && firstWords(waitingTurn(call, 0, greeting, main, craft).ncco)).toBe(said);
});

test('so are a greeting and the menu after it, whose own text stays as it is', () => {
  const reception = { greeting: 'Welcome', menu: { text: 'For sales, press 1', keys: {} }, queue: 'main' };
  expect(firstWords(menu('c1', reception, craft))).toBe('Welcome. For sales, press 1');
});
