import { describe, expect, it } from 'vitest';
import { LONGEST_TALK, ncco } from './ncco.ts';

type Fields = Record<string, unknown>;

const url = ['https://calls.example.com/voice/event'];
const talk = { action: 'talk', text: 'Hello' };
const connect = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] };
const record = { action: 'record' };
const input = { action: 'input', type: ['dtmf'] };
const notify = { action: 'notify', payload: { a: 1 }, eventUrl: url };

function to(endpoint: Fields): Fields {
  return { ...connect, endpoint: [endpoint] };
}

describe('an NCCO that may be sent', () => {
  it.each<[string, Fields]>([
    ['talk', { ...talk, language: 'es-419', style: 2, premium: true, bargeIn: true, loop: 0, level: -1 }],
    ['talk of the longest text', { ...talk, text: 'x'.repeat(LONGEST_TALK) }],
    ['stream', { action: 'stream', streamUrl: ['https://a.example/b.mp3'], loop: 3, level: 0.5 }],
    [
      'connect',
      { ...connect, from: '442038297050', timeout: 45, limit: 7200, eventUrl: url, eventMethod: 'GET' },
    ],
    ['connect on loopback', { ...connect, eventUrl: ['http://127.0.0.1:3000/voice/event'] }],
    ['connect that may be answered', { ...connect, eventType: 'synchronous', randomFromNumber: true }],
    [
      'connect with detection',
      { ...connect, advanced_machine_detection: { mode: 'detect_beep', beep_timeout: 45 } },
    ],
    [
      'connect to a phone',
      to({ type: 'phone', number: '447700900000', dtmfAnswer: '1p2#', onAnswer: { url: url[0] } }),
    ],
    [
      'connect to a websocket',
      to({
        type: 'websocket',
        uri: 'wss://a.example/s',
        'content-type': 'audio/l16;rate=16000',
        headers: { a: 'b' },
      }),
    ],
    ['connect by SIP', to({ type: 'sip', uri: 'sip:rebekka@sip.example.com', headers: { location: 'x' } })],
    ['connect to an extension', to({ type: 'vbc', extension: '111' })],
    [
      'record',
      {
        ...record,
        format: 'ogg',
        split: 'conversation',
        channels: 32,
        endOnSilence: 3,
        endOnKey: '#',
        timeOut: 7200,
        beepStart: true,
      },
    ],
    ['record with transcription', { ...record, transcription: { language: 'en-US', eventUrl: url } }],
    [
      'conversation',
      {
        action: 'conversation',
        name: 'sales',
        musicOnHoldUrl: url,
        startOnEnter: false,
        endOnExit: true,
        canHear: ['1'],
        mute: true,
      },
    ],
    [
      'input',
      {
        ...input,
        type: ['dtmf', 'speech'],
        dtmf: { timeOut: 0, maxDigits: 20 },
        speech: { language: 'en-GB', endOnSilence: 0.4 },
      },
    ],
    ['input, key by key', { ...input, mode: 'asynchronous', eventUrl: url }],
    ['notify', notify],
    ['wait', { action: 'wait', timeout: 0.1 }],
    ['transfer', { action: 'transfer', conversationId: 'CON-1', canSpeak: [] }],
  ])('may %s', (_, action) => {
    expect(ncco.parse([action])).toEqual([action]);
  });
});

describe('an NCCO that must not be sent', () => {
  it.each<[string, Fields, string]>([
    ['an unknown action', { action: 'tlak', text: 'x' }, '0.action'],
    ['an unknown field', { ...talk, colour: 'red' }, '0'],
    ['an empty text', { ...talk, text: '' }, '0.text'],
    ['too long a text', { ...talk, text: 'x'.repeat(LONGEST_TALK + 1) }, '0.text'],
    ['a language that is none', { ...talk, language: 'english please' }, '0.language'],
    ['too high a level', { ...talk, level: 1.1 }, '0.level'],
    ['half a repetition', { ...talk, loop: 0.5 }, '0.loop'],
    ['no stream', { action: 'stream', streamUrl: [] }, '0.streamUrl'],
    ['two streams', { action: 'stream', streamUrl: [url[0], url[0]] }, '0.streamUrl'],
    ['a URL outside an array', { ...connect, eventUrl: url[0] }, '0.eventUrl'],
    ['a URL that is none', { ...connect, eventUrl: ['voice/event'] }, '0.eventUrl.0'],
    ['a URL of another protocol', { ...connect, eventUrl: ['ftp://a.example'] }, '0.eventUrl.0'],
    ['another method', { ...connect, eventUrl: url, eventMethod: 'PUT' }, '0.eventMethod'],
    ['no endpoint', { ...connect, endpoint: [] }, '0.endpoint'],
    ['two endpoints', { ...connect, endpoint: [...connect.endpoint, ...connect.endpoint] }, '0.endpoint'],
    ['nobody', to({ type: 'app', user: '' }), '0.endpoint.0.user'],
    ['an endpoint that is none', to({ type: 'fax', number: '447700900000' }), '0.endpoint.0.type'],
    ['a number with a plus', to({ type: 'phone', number: '+447700900000' }), '0.endpoint.0.number'],
    [
      'keys that are none',
      to({ type: 'phone', number: '447700900000', dtmfAnswer: '1w' }),
      '0.endpoint.0.dtmfAnswer',
    ],
    [
      'a page as a websocket',
      to({ type: 'websocket', uri: 'https://a', 'content-type': 'audio/l16;rate=8000' }),
      '0.endpoint.0.uri',
    ],
    [
      'a sound that is none',
      to({ type: 'websocket', uri: 'wss://a', 'content-type': 'audio/mp3' }),
      '0.endpoint.0.content-type',
    ],
    ['a number as a SIP address', to({ type: 'sip', uri: '447700900000' }), '0.endpoint.0.uri'],
    ['a caller that is no number', { ...connect, from: 'anonymous' }, '0.from'],
    ['two callers', { ...connect, from: '442038297050', randomFromNumber: true }, '0.from'],
    ['no ringing', { ...connect, timeout: 0 }, '0.timeout'],
    ['too long a call', { ...connect, limit: 7201 }, '0.limit'],
    [
      'too short a beep',
      { ...connect, advanced_machine_detection: { beep_timeout: 44 } },
      '0.advanced_machine_detection.beep_timeout',
    ],
    ['too short a silence', { ...record, endOnSilence: 2 }, '0.endOnSilence'],
    ['two end keys', { ...record, endOnKey: '**' }, '0.endOnKey'],
    ['too long a recording', { ...record, timeOut: 7201 }, '0.timeOut'],
    ['too many channels', { ...record, split: 'conversation', channels: 33 }, '0.channels'],
    ['channels that are not split', { ...record, channels: 2 }, '0.split'],
    ['a conversation without a name', { action: 'conversation', name: '' }, '0.name'],
    ['no kind of input', { ...input, type: [] }, '0.type'],
    ['a kind of input twice', { ...input, type: ['dtmf', 'dtmf'] }, '0.type'],
    ['too many digits', { ...input, dtmf: { maxDigits: 21 } }, '0.dtmf.maxDigits'],
    ['too patient an input', { ...input, dtmf: { timeOut: 11 } }, '0.dtmf.timeOut'],
    ['settings of keys that come one by one', { ...input, mode: 'asynchronous', dtmf: {} }, '0.dtmf'],
    ['a notification to nobody', { ...notify, eventUrl: undefined }, '0.eventUrl'],
    ['a notification that is no JSON', { ...notify, payload: { at: new Date(0) } }, '0.payload.at'],
    ['too short a wait', { action: 'wait', timeout: 0.05 }, '0.timeout'],
    ['a transfer to nowhere', { action: 'transfer' }, '0.conversationId'],
  ])('has %s', (_, action, place) => {
    const { error } = ncco.safeParse([action]);
    expect(error?.issues[0]?.path.join('.')).toBe(place);
  });

  it('has no actions', () => {
    expect(ncco.safeParse([]).success).toBe(false);
    expect(ncco.safeParse(talk).success).toBe(false);
  });
});
