import { describe, expect, test } from 'vitest';
import { parseNcco } from './ncco.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const parse = (value: unknown) => parseNcco(JSON.stringify(value), JSON_TYPE);
const app = { type: 'app', user: 'Alice' };

describe('an NCCO that the platform carries out', () => {
  test('is read with its actions in order', () => {
    const ncco = [
      { action: 'talk', text: 'Hello', level: '0.5', loop: 0 },
      { action: 'connect', endpoint: [app], timeout: '20', eventUrl: ['http://127.0.0.1:3000/voice/event'] },
    ];
    expect(parse(ncco)).toMatchObject({
      ok: true,
      actions: [
        { action: 'talk', settings: { level: 0.5, loop: 0 } },
        { action: 'connect', settings: { timeout: 20 } },
      ],
    });
  });

  test('may be empty, and may have fields that are not known', () => {
    expect(parse([])).toEqual({ ok: true, actions: [] });
    expect(parse([{ action: 'talk', text: 'x', colour: 'red' }])).toMatchObject({ ok: true });
  });
});

describe('a wrong NCCO is refused with the place of the fault', () => {
  test.each<[string, unknown, RegExp]>([
    ['not an array', { action: 'talk', text: 'x' }, /^NCCO: must be an array/],
    ['an action that is no object', [3], /^NCCO\[0\]: expected an object/],
    ['an action without a name', [{ text: 'x' }], /^NCCO\[0\]\.action: is missing/],
    ['an unknown action', [{ action: 'tlak', text: 'x' }], /^NCCO\[0\]\.action: unknown action/],
    ['a talk without text', [{ action: 'talk' }], /^NCCO\[0\]\.text: /],
    ['a text that is too long', [{ action: 'talk', text: 'x'.repeat(1501) }], /^NCCO\[0\]\.text: .*1500/],
    ['a level out of range', [{ action: 'talk', text: 'x', level: 2 }], /^NCCO\[0\]\.level: /],
    ['no endpoint', [{ action: 'connect' }], /^NCCO\[0\]\.endpoint: /],
    [
      'two endpoints',
      [{ action: 'connect', endpoint: [app, app] }],
      /endpoint: must hold exactly one endpoint/,
    ],
    ['an app without a user', [{ action: 'connect', endpoint: [{ type: 'app' }] }], /endpoint\[0\]\.user: /],
    [
      'an event URL that is no array',
      [{ action: 'connect', endpoint: [app], eventUrl: 'http://x' }],
      /\.eventUrl: /,
    ],
    [
      'two event URLs',
      [{ action: 'connect', endpoint: [app], eventUrl: ['http://x', 'http://y'] }],
      /\.eventUrl: must be an array of exactly one URL/,
    ],
    [
      'an event URL that is no URL',
      [{ action: 'connect', endpoint: [app], eventUrl: ['voice/event'] }],
      /\.eventUrl\[0\]: /,
    ],
    [
      'an action that Vonage has withdrawn',
      [{ action: 'talk', text: 'x' }, { action: 'pay' }],
      /^NCCO\[1\]: the emulator does not carry out "pay"/,
    ],
  ])('%s', (_what, ncco, reason) => {
    expect(parse(ncco)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('HTML instead of JSON, and JSON that is cut short', () => {
    expect(parseNcco('<html>', 'text/html')).toEqual({
      ok: false,
      reason: expect.stringContaining('text/html'),
    });
    expect(parseNcco('[{"action"', JSON_TYPE)).toEqual({ ok: false, reason: 'NCCO: not valid JSON' });
  });
});
