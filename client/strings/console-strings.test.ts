import { describe, expect, it } from 'vitest';
import { textsOf } from '../../ui/testing.ts';
import { consoleEn } from './console-en.ts';
import { consoleEs } from './console-es.ts';

const samples = () => ['3', 4];

describe('the Spanish texts of the console', () => {
  const spanish = textsOf(consoleEs, samples);
  const english = new Map(textsOf(consoleEn, samples));

  it('exist for each English one', () => {
    expect(spanish.map(([path]) => path)).toEqual([...english.keys()]);
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, except for words that both languages share', () => {
    const same = spanish.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.product', '.ladder.parties.vonage', '.step.json']);
  });

  it('use the same values as the English ones', () => {
    const told = (text: string | undefined) => /3/.test(text ?? '');
    expect(spanish.filter(([path, text]) => told(text) !== told(english.get(path)))).toEqual([]);
  });
});

it.each([
  [consoleEn, ['1 call', '1,234 calls', 'Paused. 1 new entry in 1 call.']],
  [consoleEs, ['1 llamada', '12.345 llamadas', 'En pausa. 1 entrada nueva en 1 llamada.']],
])('%# has a singular and a plural', (strings, expected) => {
  const many = strings.language === 'en' ? 1_234 : 12_345;
  expect([strings.list.all(1), strings.list.all(many), strings.feed.held(1, 1)]).toEqual(expected);
});
