import { expect, it } from 'vitest';
import { consoleEn } from './console-en.ts';
import { consoleEs } from './console-es.ts';

it.each([
  [consoleEn, ['1 call', '1,234 calls', 'Paused. 1 new entry in 1 call.']],
  [consoleEs, ['1 llamada', '12.345 llamadas', 'En pausa. 1 entrada nueva en 1 llamada.']],
])('%# has a singular and a plural', (strings, expected) => {
  const many = strings.language === 'en' ? 1_234 : 12_345;
  expect([strings.list.all(1), strings.list.all(many), strings.feed.held(1, 1)]).toEqual(expected);
});
