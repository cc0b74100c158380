import { expect, it } from 'vitest';
import { en } from './en.ts';

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
