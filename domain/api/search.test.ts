import { expect, it } from 'vitest';
import { answerEntry, eventEntry } from '../calls/testing.ts';
import type { Ncco } from '../ncco/ncco.ts';
import { searchableText } from './search.ts';

it('looks through the values of a webhook and of its NCCO, not the names of fields', () => {
  const connect: Ncco[number] = {
    action: 'connect',
    timeout: 45,
    endpoint: [{ type: 'app', user: 'Alice' }],
  };
  const text = searchableText(answerEntry([connect], { from: '447700900000', to: null }));
  expect(text.split('\n')).toEqual(['447700900000', 'connect', '45', 'app', 'Alice']);
  expect(text).not.toContain('timeout');
});

it('looks through an event at any depth, and through the NCCO that it was answered with', () => {
  const event = eventEntry({ status: 'timeout', speech: { results: [{ text: 'sales' }], final: true } });
  expect(searchableText(event).split('\n')).toEqual(['timeout', 'sales', 'true']);
  const reply = { status: 200, ncco: [{ action: 'talk', text: 'Good bye' } as const] };
  expect(searchableText({ ...event, reply })).toContain('Good bye');
});
