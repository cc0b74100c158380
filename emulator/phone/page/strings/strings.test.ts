import { expect, it } from 'vitest';
import { textsOf } from '../../../../ui/testing.ts';
import { en } from './en.ts';
import { es } from './es.ts';

const samples = () => ['NUMBER', 'WHY'];

it('has every English text in Spanish, with the same values', () => {
  const facts = (all: [string, string][]) =>
    all.map(([path, text]) => [path, text.match(/NUMBER|WHY|\b7\b|15|https|localhost/g) ?? []]);
  const spanish = textsOf(es, samples);
  expect(facts(spanish)).toEqual(facts(textsOf(en, samples)));
  expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
});

it('keeps the agreed English names for assistive technology and tests', () => {
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
