import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Leg } from '../../emulator/calls/leg.ts';
import { listen } from '../../emulator/listen.ts';
import { levelDbfs } from '../../emulator/media/pcm.ts';
import { sine, toneLevel } from '../../emulator/media/testing.ts';
import { keyTones } from '../../emulator/media/tones.ts';
import { readWav, writeWav } from '../../emulator/media/wav.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { MP3_HERTZ, mp3Tone } from './support/mp3-tone.ts';
import { CALLED, type Play, play } from './support/play-ncco.ts';
import { signToken } from './support/sdk-page.ts';
import { startSocketProgram } from './support/socket-program.ts';
import { giveVoice, HEARD, UNHEARD, type Voice } from './support/voice.ts';
import { VoiceScene } from './support/voice-scene.ts';

/** Each person's frequency in Hz, to recognise them in what another hears. */
const CALLER = 440;
const PHONE = 1000;
const OTHER = 2500;
/** Frequencies of the played files. */
const WAV = 1700;

let scene: VoiceScene;
const files = createServer((request, response) => {
  const isMp3 = request.url === '/tone.mp3';
  response.setHeader('content-type', isMp3 ? 'audio/mpeg' : 'audio/wav');
  response.end(isMp3 ? mp3Tone(2) : writeWav([sine(WAV, 2000, -20, 16_000)], 16_000, 1));
});
let wav: string;
let mp3: string;

/** One platform for all tests, on a virtual clock: hours of audio take no time. */
beforeAll(async () => {
  const base = `http://127.0.0.1:${await listen(files, '127.0.0.1', 0, true)}`;
  [wav, mp3] = [`${base}/tone.wav`, `${base}/tone.mp3`];
  scene = await VoiceScene.start([], { virtual: { seed: 1, start: 0 } });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  files.close();
});

/** What a caller with this NCCO hears. */
async function heardOf(...ncco: object[]): Promise<Voice> {
  const voices: Voice[] = [];
  await play(scene, {
    caller: { ncco, hangsUp: 10, dialled: ({ leg }) => voices.push(giveVoice(leg, CALLER)) },
  });
  return one(voices);
}

function one<T>([first]: T[]): T {
  if (first === undefined) throw new Error('there is none');
  return first;
}

/** A call in which caller and phone hum; `meanwhile` runs at the given second once both are joined. */
async function twoVoices(
  ncco: object[],
  meanwhile: (legs: { caller: Leg; phone: Leg }) => Promise<unknown> | undefined = () => undefined,
  more: Partial<Play> = {},
) {
  const voices: Partial<Record<'caller' | 'phone', Voice>> = {};
  const { platform } = scene;
  let caller: Leg | undefined;
  const stopWatching = platform.onWebhook(({ payload }) => {
    const phone = telephone.call;
    if (payload.to !== CALLED || payload.status !== 'answered' || !phone || !caller) return;
    voices.phone = giveVoice(phone, PHONE);
    const legs = { caller, phone };
    platform.world.after(2000, () => void platform.world.trackPending(Promise.resolve(meanwhile(legs))));
  });
  const telephone = platform.phone(CALLED, { does: 'answer', hangUpAfter: 6 });
  await play(scene, {
    caller: {
      ncco,
      dialled: ({ leg }) => {
        caller = leg;
        voices.caller = giveVoice(leg, CALLER);
      },
    },
    ...more,
  });
  stopWatching();
  telephone.close();
  if (!voices.caller || !voices.phone) throw new Error('nobody answered');
  return { caller: voices.caller, phone: voices.phone };
}

const connect = (more: object = {}, endpoint: object = {}) => ({
  action: 'connect',
  endpoint: [{ type: 'phone', number: CALLED, ...endpoint }],
  ...more,
});

describe('what is played', () => {
  test('from a WAV file is heard', async () => {
    const voice = await heardOf({ action: 'stream', streamUrl: [wav] });
    expect(voice.level(WAV, 0.5, 1.5)).toBeGreaterThan(HEARD);
    expect(voice.level(CALLER, 0.5, 1.5)).toBeLessThan(UNHEARD);
  });

  test('from an MP3 file is heard, and louder if requested', async () => {
    const stream = { action: 'stream', streamUrl: [mp3] };
    const usual = (await heardOf(stream)).level(MP3_HERTZ, 0.5, 1.5);
    const louder = (await heardOf({ ...stream, level: 1 })).level(MP3_HERTZ, 0.5, 1.5);
    expect(usual).toBeGreaterThan(-30);
    expect(louder - usual).toBeCloseTo(6, 0);
  });

  test('is spoken, by the engine or its replacement', async () => {
    await using platform = await createPlatform({ answerUrl: scene.application.answerUrl });
    scene.application.answer = () => ({ body: [{ action: 'talk', text: 'Hello', language: 'en-GB' }] });
    const caller = platform.call();
    const voice = giveVoice(caller.leg);
    await caller.over;
    expect(levelDbfs(voice.heard(0, 5))).toBeGreaterThan(-45);
  });
});

/** Fetches a recording as an application does. */
async function download(url: unknown, token?: string) {
  const authorization = `Bearer ${token ?? (await signToken(scene.platform))}`;
  const answer = await fetch(String(url), { headers: { authorization } });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.bytes() };
}

/** The channels of the last reported recording. */
async function recorded() {
  const { recording_url: url } = scene.application.events.findLast((event) => event.recording_url) ?? {};
  const { body, ...answer } = await download(url);
  expect(answer).toEqual({ status: 200, type: 'audio/wav' });
  const { samples, sampleRate, channelCount = 1 } = readWav(Uint8Array.from(body));
  return Array.from({ length: channelCount }, (_, channel) => {
    const own = samples.filter((_sample, i) => i % channelCount === channel);
    return { level: (hertz: number) => toneLevel(own, hertz, sampleRate), url };
  });
}

describe('a recording', () => {
  test('has both voices, and needs a token of its own application', async () => {
    await twoVoices([{ action: 'record', format: 'wav' }, connect()]);
    const channels = await recorded();
    expect(channels).toHaveLength(1);
    const { level, url } = one(channels);
    expect(level(CALLER)).toBeGreaterThan(HEARD);
    expect(level(PHONE)).toBeGreaterThan(HEARD);
    expect((await download(url, 'none')).status).toBe(401);
    const userToken = await signToken(scene.platform, { sub: 'Alice' });
    expect((await download(url, userToken)).status).toBe(401);
    expect((await download(`${url}0`)).status).toBe(404);
  });

  test('that is split has one voice per channel', async () => {
    await twoVoices([{ action: 'record', format: 'wav', split: 'conversation' }, connect()]);
    const [first, second] = await recorded();
    expect(first?.level(CALLER)).toBeGreaterThan(HEARD);
    expect(first?.level(PHONE)).toBeLessThan(UNHEARD);
    expect(second?.level(PHONE)).toBeGreaterThan(HEARD);
    expect(second?.level(CALLER)).toBeLessThan(UNHEARD);
  });
});

describe('two people in a call', () => {
  test('hear each other', async () => {
    const { caller, phone } = await twoVoices([connect()]);
    expect(caller.level(PHONE, 1, 5)).toBeGreaterThan(HEARD);
    expect(phone.level(CALLER, 1, 5)).toBeGreaterThan(HEARD);
  });

  test('one of them muted: is not heard, but hears', async () => {
    const { caller, phone } = await twoVoices([connect()], (legs) => scene.voice.muteCall(legs.caller.uuid));
    expect(phone.level(CALLER, 0.5, 1.5)).toBeGreaterThan(HEARD);
    expect(phone.level(CALLER, 2.5, 5)).toBeLessThan(UNHEARD);
    expect(caller.level(PHONE, 2.5, 5)).toBeGreaterThan(HEARD);
  });

  test('one of them earmuffed: hears nothing, but is heard', async () => {
    const { caller, phone } = await twoVoices([connect()], (legs) =>
      scene.voice.earmuffCall(legs.caller.uuid),
    );
    expect(caller.level(PHONE, 2.5, 5)).toBeLessThan(UNHEARD);
    expect(phone.level(CALLER, 2.5, 5)).toBeGreaterThan(HEARD);
  });

  test('hear a file played by REST only if it is played to them', async () => {
    const { caller, phone } = await twoVoices([connect()], (legs) =>
      scene.voice.streamAudio(legs.caller.uuid, wav),
    );
    expect(caller.level(WAV, 2.5, 3.5)).toBeGreaterThan(HEARD);
    expect(phone.level(WAV, 2.5, 3.5)).toBeLessThan(UNHEARD);
  });
});

describe('a caller who waits for an answer', () => {
  const meanwhile = { phone: { does: 'answer', after: 3, hangUpAfter: 3 } } as const;

  test('hears the ringback tone of the country', async () => {
    const voices: Voice[] = [];
    const dialled = ({ leg }: { leg: Leg }) => voices.push(giveVoice(leg));
    await play(scene, { caller: { ncco: [connect()], dialled }, ...meanwhile });
    expect(one(voices).level(400, 0.05, 0.35)).toBeGreaterThan(HEARD);
    expect(levelDbfs(one(voices).heard(3.5, 6))).toBeLessThan(UNHEARD);
  });

  test('hears the NCCO’s ringback tone until the answer', async () => {
    const voices: Voice[] = [];
    const dialled = ({ leg }: { leg: Leg }) => voices.push(giveVoice(leg));
    await play(scene, { caller: { ncco: [connect({ ringbackTone: mp3 })], dialled }, ...meanwhile });
    expect(one(voices).level(MP3_HERTZ, 2.1, 2.9)).toBeGreaterThan(-30);
    expect(levelDbfs(one(voices).heard(3.5, 6))).toBeLessThan(UNHEARD);
  });
});

describe('a person who answers', () => {
  test('hears keys, then an NCCO and its replies, while the caller hears ringback', async () => {
    const { application } = scene;
    const whisper = [
      { action: 'stream', streamUrl: [wav], bargeIn: true },
      { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1, timeOut: 1 } },
    ];
    const endpoint = {
      dtmfAnswer: '1',
      onAnswer: { url: `${application.answerUrl}?whisper`, ringbackTone: mp3 },
    };
    application.acknowledge = ({ dtmf }) =>
      dtmf ? { body: [{ action: 'stream', streamUrl: [mp3], level: 0.5 }] } : {};
    const playing = twoVoices([connect({}, endpoint)]);
    const { answer } = application;
    application.answer = (asked) =>
      application.questions.at(-1)?.get('to') === CALLED ? { body: whisper } : answer(asked);
    const { caller, phone } = await playing;
    application.acknowledge = () => ({});
    expect(phone.level(697, 0, 0.1)).toBeGreaterThan(-28);
    expect(phone.level(WAV, 0.5, 2)).toBeGreaterThan(HEARD);
    expect(phone.level(MP3_HERTZ, 3.5, 5)).toBeGreaterThan(-30);
    expect(phone.level(CALLER, 0.5, 5)).toBeLessThan(UNHEARD);
    expect(caller.level(PHONE, 0.5, 5)).toBeLessThan(UNHEARD);
    expect(caller.level(MP3_HERTZ, 2.5, 3.5)).toBeGreaterThan(-30);
    expect(caller.level(WAV, 0.5, 2)).toBeLessThan(UNHEARD);
  });
});

describe('a conversation', () => {
  const meet = (more: object = {}) => [{ action: 'conversation', name: 'sound', ...more }];

  test('of three people lets each hear the others', async () => {
    const voices = new Map<number, Voice>();
    const guest = (hertz: number) => ({
      ncco: meet(),
      hangsUp: 3,
      dialled: ({ leg }: { leg: Leg }) => voices.set(hertz, giveVoice(leg, hertz)),
    });
    await play(scene, { caller: guest(CALLER), second: guest(PHONE), third: guest(OTHER) });
    for (const [own, voice] of voices) {
      for (const other of voices.keys()) {
        if (other === own) expect(voice.level(other, 1, 2)).toBeLessThan(UNHEARD);
        else expect(voice.level(other, 1, 2)).toBeGreaterThan(HEARD);
      }
    }
  });

  test('plays music until the moderator joins', async () => {
    const voices: Voice[] = [];
    await play(scene, {
      caller: {
        ncco: meet({ startOnEnter: false, musicOnHoldUrl: [wav] }),
        dialled: ({ leg }) => voices.push(giveVoice(leg, CALLER)),
      },
      second: {
        comes: 5,
        ncco: meet({ endOnExit: true }),
        hangsUp: 3,
        dialled: ({ leg }) => voices.push(giveVoice(leg, PHONE)),
      },
    });
    const waiting = one(voices);
    expect(waiting.level(WAV, 2.5, 3.5)).toBeGreaterThan(HEARD);
    expect(waiting.level(WAV, 5.5, 7.5)).toBeLessThan(UNHEARD);
    expect(waiting.level(PHONE, 5.5, 7.5)).toBeGreaterThan(HEARD);
  });
});

describe('keys', () => {
  test('are detected in the audio of the person who presses them', async () => {
    const told = await play(scene, {
      caller: {
        ncco: [{ action: 'input', type: ['dtmf'], dtmf: { maxDigits: 3 } }],
        dialled: ({ leg }) => giveVoice(leg).make(keyTones('4#0')),
      },
    });
    expect(told).toContain('input 4#0');
  });

  test('pressed by one are heard by the other', async () => {
    const { caller, phone } = await twoVoices([connect()], async ({ caller: { uuid } }) => {
      await scene.voice.playDTMF(uuid, '1');
    });
    expect(caller.level(1209, 2, 2.1)).toBeGreaterThan(-28);
    expect(phone.level(1209, 2, 2.1)).toBeLessThan(-40);
  });
});

describe('a program that takes the call over a WebSocket', () => {
  test.each([8000, 16_000, 24_000])('hears and is heard at %i samples per second', async (rate) => {
    await using program = await startSocketProgram();
    const hum = sine(PHONE, 1000, -20, rate);
    const bytes = Buffer.from(hum.buffer);
    const { world } = scene.platform;
    let voice: Voice | undefined;
    const isDone = () =>
      program.messages.length > 100 && (voice?.level(PHONE, ...lastSecond()) ?? -99) > HEARD;
    const beganAt = world.now();
    const lastSecond = (): [number, number] => {
      const now = (world.now() - beganAt) / 1000;
      return [now - 0.5, now];
    };
    const endpoint = { type: 'websocket', uri: program.url, 'content-type': `audio/l16;rate=${rate}` };
    await play(scene, {
      caller: {
        ncco: [{ action: 'connect', endpoint: [endpoint] }],
        hangsUp: 600,
        dialled: ({ leg, hangUp }) => {
          voice = giveVoice(leg, CALLER);
          const look = () => {
            if (program.texts.length === 1) program.send(bytes);
            if (isDone()) hangUp();
            else if (!leg.end) world.after(500, look);
          };
          look();
        },
      },
    });
    const message = rate / 50;
    expect(new Set(program.messages.map(({ length }) => length))).toEqual(new Set([2 * message]));
    const heard = Buffer.concat(program.messages.slice(40, 90));
    const samples = new Int16Array(heard.length / 2).map((_, i) => heard.readInt16LE(2 * i));
    expect(toneLevel(samples, CALLER, rate)).toBeGreaterThan(HEARD);
    expect(toneLevel(samples, PHONE, rate)).toBeLessThan(UNHEARD);
    expect(isDone()).toBe(true);
  });
});
