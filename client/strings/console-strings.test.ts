import { describe, expect, it } from 'vitest';
import { textsOf } from '../../ui/testing.ts';
import { consoleEn } from './console-en.ts';
import { consoleEs } from './console-es.ts';

const samples = () => ['3', 4];

describe('the Spanish texts of the console', () => {
  const spanish = textsOf(consoleEs, samples);
  const english = new Map(textsOf(consoleEn, samples));

  it('are there for each English one', () => {
    expect(spanish.map(([path]) => path)).toEqual([...english.keys()]);
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, but for words that both languages have', () => {
    const same = spanish.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.product', '.ladder.parties.vonage', '.step.json']);
  });

  it('say what the English ones say of what they are told', () => {
    const told = (text: string | undefined) => /3/.test(text ?? '');
    expect(spanish.filter(([path, text]) => told(text) !== told(english.get(path)))).toEqual([]);
  });
});

it.each([
  [consoleEn, ['1 call', '1,234 calls', 'Paused. 1 new entry in 1 call.']],
  [consoleEs, ['1 llamada', '12.345 llamadas', 'En pausa. 1 entrada nueva en 1 llamada.']],
])('%# counts in the singular and the plural', (strings, expected) => {
  const many = strings.language === 'en' ? 1_234 : 12_345;
  expect([strings.list.all(1), strings.list.all(many), strings.feed.held(1, 1)]).toEqual(expected);
});
