import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNcco } from './ncco.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const parse = (value: unknown) => parseNcco(JSON.stringify(value), JSON_TYPE);
const app = { type: 'app', user: 'Alice' };

describe('a valid NCCO', () => {
  test('keeps its actions in order', () => {
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

  test('may have numbers and flags as text', () => {
    const ncco = [
      { action: 'input', dtmf: { maxDigits: '2', submitOnHash: 'true' } },
      { action: 'connect', endpoint: [{ type: 'vbc', extension: 101 }] },
      { action: 'conversation', name: 'x', musicOnHoldUrl: 'http://x' },
    ];
    expect(parse(ncco)).toMatchObject({
      ok: true,
      actions: [
        { settings: { dtmf: { maxDigits: 2, submitOnHash: true, timeOut: 3 } } },
        { settings: { endpoint: [{ extension: '101' }] } },
        { settings: { musicOnHoldUrl: ['http://x'] } },
      ],
    });
  });

  test('may be empty, and may have unknown fields', () => {
    expect(parse([])).toEqual({ ok: true, actions: [] });
    expect(parse([{ action: 'talk', text: 'x', colour: 'red' }])).toMatchObject({ ok: true });
  });
});

describe('an invalid NCCO is rejected with the location of the error', () => {
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
    ['a level that is nothing', [{ action: 'talk', text: 'x', level: null }], /\.level: expected number/],
    ['a level that is empty', [{ action: 'talk', text: 'x', level: '' }], /\.level: expected number/],
    ['a wait that is true', [{ action: 'wait', timeout: true }], /\.timeout: expected number/],
    ['half a digit', [{ action: 'input', dtmf: { maxDigits: '1.5' } }], /\.dtmf\.maxDigits: expected int/],
    ['too many digits', [{ action: 'input', dtmf: { maxDigits: 21 } }], /\.dtmf\.maxDigits: .*20/],
    ['a time-out of a minute', [{ action: 'input', dtmf: { timeOut: 60 } }], /\.dtmf\.timeOut: .*10/],
    ['an input of nothing', [{ action: 'input', type: [] }], /\.type: /],
    ['an unknown input', [{ action: 'input', type: ['wink'] }], /\.type\[0\]: /],
    [
      'asynchronous speech',
      [{ action: 'input', type: ['speech'], mode: 'asynchronous' }],
      /\.type: must be \["dtmf"\]/,
    ],
    [
      'settings of asynchronous keys',
      [{ action: 'input', dtmf: { maxDigits: 1 }, mode: 'asynchronous' }],
      /\.dtmf: must be left out/,
    ],
    ['two files', [{ action: 'stream', streamUrl: ['http://x', 'http://y'] }], /\.streamUrl: .*exactly one/],
    ['a file that is no array', [{ action: 'stream', streamUrl: 'http://x' }], /\.streamUrl: /],
    ['a limit of a day', [{ action: 'connect', endpoint: [app], limit: 86_400 }], /\.limit: .*7200/],
    [
      'two callers',
      [{ action: 'connect', endpoint: [app], from: '1', randomFromNumber: true }],
      /\.randomFromNumber: must not be used together with from/,
    ],
    [
      'a number with a plus',
      [{ action: 'connect', endpoint: [{ type: 'phone', number: '+447700900000' }] }],
      /\.endpoint\[0\]\.number: must be a number in E\.164/,
    ],
    [
      'keys that are none',
      [{ action: 'connect', endpoint: [{ type: 'phone', number: '447700900000', dtmfAnswer: 'x' }] }],
      /\.dtmfAnswer: must have the keys/,
    ],
    [
      'a SIP address that is none',
      [{ action: 'connect', endpoint: [{ type: 'sip', uri: 'alice@example.com' }] }],
      /\.uri: must be a sip or sips address/,
    ],
    [
      'an extension that is nothing',
      [{ action: 'connect', endpoint: [{ type: 'vbc', extension: null }] }],
      /\.extension: must be an extension/,
    ],
    [
      'a socket of the web',
      [{ action: 'connect', endpoint: [{ type: 'websocket', uri: 'http://x' }] }],
      /\.uri: must be a ws or wss address/,
    ],
    [
      'sound of another kind',
      [{ action: 'connect', endpoint: [{ type: 'websocket', uri: 'ws://x', 'content-type': 'audio/mp3' }] }],
      /\.content-type: /,
    ],
    [
      'two kinds of music',
      [{ action: 'conversation', name: 'x', musicOnHoldUrl: ['http://x', 'http://y'] }],
      /\.musicOnHoldUrl: must be an array of exactly one URL/,
    ],
    ['a conversation without a name', [{ action: 'conversation' }], /\.name: /],
    [
      'one who is muted and whispers',
      [{ action: 'conversation', name: 'x', mute: true, canSpeak: ['y'] }],
      /\.mute: is not supported together with canSpeak/,
    ],
    ['a second of silence', [{ action: 'record', endOnSilence: 1 }], /\.endOnSilence: .*3/],
    ['two keys', [{ action: 'record', endOnKey: '12' }], /\.endOnKey: must be one key/],
    ['a short recording', [{ action: 'record', timeOut: 2 }], /\.timeOut: .*3/],
    ['channels without a split', [{ action: 'record', channels: 3 }], /\.channels: needs split/],
    ['a notify without a payload', [{ action: 'notify', eventUrl: ['http://x'] }], /\.payload: /],
    ['a notify without an address', [{ action: 'notify', payload: {} }], /\.eventUrl: /],
    ['a transfer to nowhere', [{ action: 'transfer' }], /\.conversationId: is missing/],
    [
      'an action that Vonage has withdrawn',
      [{ action: 'talk', text: 'x' }, { action: 'pay' }],
      /^NCCO\[1\]: "pay" is not supported/,
    ],
  ])('%s', (_what, ncco, reason) => {
    expect(parse(ncco)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('for any input, the reason starts with the location and is short', () => {
    const names = [
      'talk',
      'stream',
      'connect',
      'record',
      'conversation',
      'input',
      'notify',
      'wait',
      'transfer',
    ];
    const fields = [
      'text',
      'level',
      'loop',
      'endpoint',
      'eventUrl',
      'streamUrl',
      'dtmf',
      'type',
      'payload',
      'name',
    ];
    const action = fc
      .dictionary(fc.constantFrom(...fields), fc.jsonValue())
      .chain((rest) => fc.constantFrom(...names).map((name) => ({ ...rest, action: name })));
    const anything = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(action, fc.jsonValue())));
    fc.assert(
      fc.property(anything, (ncco) => {
        const read = parse(ncco);
        if (read.ok) expect(Array.isArray(ncco)).toBe(true);
        else {
          expect(read.reason).toMatch(/^NCCO(\[\d+\])?.*: /);
          expect(read.reason.length).toBeLessThan(300);
        }
      }),
    );
  });

  test('HTML instead of JSON, and truncated JSON', () => {
    expect(parseNcco('<html>', 'text/html')).toEqual({
      ok: false,
      reason: expect.stringContaining('text/html'),
    });
    expect(parseNcco('[{"action"', JSON_TYPE)).toEqual({ ok: false, reason: 'NCCO: not valid JSON' });
  });
});
