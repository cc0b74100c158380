import { expect, it } from 'vitest';
import { en } from './en.ts';
import { es } from './es.ts';

/** Every text with its path, functions called with sample words. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value('NUMBER', 'WHY'))]];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`))
    : [];
}

it('says in Spanish all that it says in English, with the same facts', () => {
  const facts = (all: [string, string][]) =>
    all.map(([path, text]) => [path, text.match(/NUMBER|WHY|\b7\b|15|https|localhost/g) ?? []]);
  const spanish = texts(es);
  expect(facts(spanish)).toEqual(facts(texts(en)));
  expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
});

it('keeps the names that tests and assistive technology know in English', () => {
  const { dialler, call, incoming, speech, status } = en;
  expect([dialler.own, dialler.to, dialler.call, call.hangUp, status.name]).toEqual([
    'Your number',
    'Number to dial',
    'Call',
    'Hang up',
    'Phone status',
  ]);
  expect([incoming.answer, incoming.reject, speech.label]).toEqual(['Answer', 'Reject', 'Say as speech']);
});
