import { describe, expect, it } from 'vitest';
import { levelDbfs } from '../media/pcm.ts';
import { toneLevel } from '../media/testing.ts';
import { readWav } from '../media/wav.ts';
import { createTestCalls, NUMBER, SPEECH_HERTZ, START } from './testing.ts';

type Calls = ReturnType<typeof createTestCalls>;

/** The recordings that the application was told of, channel by channel. */
function recordings({ events, files }: Calls) {
  return events().flatMap((event) => {
    if (event.recording_url === undefined) return [];
    const wav = readWav(Uint8Array.from(files.get(String(event.recording_uuid), 'app')?.content ?? []));
    const { samples, sampleRate, channelCount = 1 } = wav;
    const channels = Array.from({ length: channelCount }, (_, channel) =>
      samples.filter((_sample, i) => i % channelCount === channel),
    );
    const seconds = samples.length / channelCount / sampleRate;
    const level = (hertz: number, channel = 0) =>
      toneLevel(channels[channel] ?? new Int16Array(), hertz, sampleRate);
    return [{ event, seconds, sampleRate, channels, level }];
  });
}

/** Two people in one conversation; the first's NCCO begins with `actions`. */
async function twoPeople(...actions: object[]) {
  const calls = createTestCalls();
  const meeting = { action: 'conversation', name: 'room' };
  const anna = calls.call([...actions, meeting], 440);
  const ben = calls.call([meeting], 1000);
  await calls.pass(2000);
  return { calls, anna, ben };
}

describe('a recording', () => {
  it('has both voices, and is reported with its URL, size and times when the leg ends', async () => {
    const { calls, anna } = await twoPeople({ action: 'record' });
    expect(recordings(calls)).toEqual([]);
    anna.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [recording] = recordings(calls);
    expect(recording?.level(440)).toBeGreaterThan(-23);
    expect(recording?.level(1000)).toBeGreaterThan(-23);
    expect(recording?.sampleRate).toBe(16_000);
    expect(recording?.seconds).toBeCloseTo(2, 1);
    const id = recording?.event.recording_uuid;
    expect(recording?.event).toEqual({
      start_time: '2026-11-22T12:00:00Z',
      recording_url: `http://platform/v1/files/${id}`,
      size: calls.files.get(String(id), 'app')?.content.length,
      recording_uuid: id,
      end_time: '2026-11-22T12:00:02Z',
      conversation_uuid: anna.leg.conversation.id,
      timestamp: new Date(START + 2000).toISOString(),
    });
  });

  it('has a channel per party if split', async () => {
    const { calls, anna } = await twoPeople({ action: 'record', split: 'conversation' });
    anna.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [recording] = recordings(calls);
    expect(recording?.channels).toHaveLength(2);
    expect(recording?.level(440, 0)).toBeGreaterThan(-22);
    expect(recording?.level(1000, 0)).toBeLessThan(-55);
    expect(recording?.level(1000, 1)).toBeGreaterThan(-22);
    expect(recording?.level(440, 1)).toBeLessThan(-55);
  });

  it('puts surplus parties into the last channel', async () => {
    const { calls, anna } = await twoPeople({ action: 'record', split: 'conversation', channels: 2 });
    const carla = calls.call([{ action: 'conversation', name: 'room' }], 2500);
    await calls.pass(2000);
    anna.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [recording] = recordings(calls);
    expect(carla.leg.end).toBeUndefined();
    expect(recording?.level(1000, 1)).toBeGreaterThan(-24);
    expect(recording?.level(2500, 1)).toBeGreaterThan(-28);
  });

  it('does not contain muted parties', async () => {
    const { calls, anna, ben } = await twoPeople({ action: 'record' });
    ben.leg.port.muted = true;
    await calls.pass(100);
    calls.run(anna.leg.uuid, [{ action: 'record', timeOut: 3 }]);
    await calls.pass(3100);
    expect(recordings(calls)[0]?.level(440)).toBeGreaterThan(-23);
    expect(recordings(calls)[0]?.level(1000)).toBeLessThan(-60);
  });

  it('contains what the platform says', async () => {
    const calls = createTestCalls();
    calls.call([{ action: 'record' }, { action: 'talk', text: 'Hello' }]);
    await calls.pass(1100);
    expect(recordings(calls)[0]?.level(SPEECH_HERTZ)).toBeGreaterThan(-22);
  });

  it('of a call without audio is silent and has the call’s duration', async () => {
    const calls = createTestCalls();
    const { leg } = calls.call([{ action: 'record' }, { action: 'wait', timeout: 100 }]);
    leg.port.detach();
    await calls.pass(5000);
    leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [recording] = recordings(calls);
    expect(recording?.seconds).toBeCloseTo(5, 1);
    expect(levelDbfs(recording?.channels[0] ?? new Int16Array([1]))).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('someone without a device', () => {
  const MEETING = { action: 'conversation', name: 'room' };

  /** A person with a device and one without, in one conversation that is recorded with a channel for each. */
  async function meet() {
    const calls = createTestCalls();
    const record = { action: 'record', split: 'conversation', format: 'wav' };
    const anna = calls.call([record, MEETING]);
    const dialled = calls.exchange.dial({ from: '447700900001', to: NUMBER });
    if (!dialled.ok) throw new Error(dialled.message);
    const { leg: ben } = dialled;
    calls.run(ben.uuid, [MEETING]);
    await calls.pass(500);
    return { calls, anna, ben };
  }

  it('is heard by the others, and recorded in a channel of their own', async () => {
    const { calls, anna, ben } = await meet();
    ben.say('Hello');
    await calls.pass(500);
    expect(toneLevel(anna.heard(), SPEECH_HERTZ)).toBeGreaterThan(-22);
    await calls.pass(600);
    expect(levelDbfs(anna.heard())).toBe(Number.NEGATIVE_INFINITY);
    anna.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [recording] = recordings(calls);
    expect(recording?.level(SPEECH_HERTZ, 1)).toBeGreaterThan(-26);
    expect(recording?.level(SPEECH_HERTZ, 0)).toBeLessThan(-55);
  });

  it('is not heard while muted', async () => {
    const { calls, anna, ben } = await meet();
    ben.port.muted = true;
    ben.say('Hello');
    await calls.pass(500);
    expect(levelDbfs(anna.heard())).toBe(Number.NEGATIVE_INFINITY);
  });

  it('says the rest where the call is moved to', async () => {
    const { calls, anna, ben } = await meet();
    const carla = calls.call([{ ...MEETING, name: 'other' }]);
    await calls.pass(20);
    ben.say('Hello');
    await calls.pass(500);
    calls.exchange.transfer(ben, carla.leg.conversation);
    await calls.pass(300);
    expect(levelDbfs(anna.heard())).toBe(Number.NEGATIVE_INFINITY);
    expect(toneLevel(carla.heard(), SPEECH_HERTZ)).toBeGreaterThan(-22);
    await calls.pass(400);
    expect(levelDbfs(carla.heard())).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('a recording with an end', () => {
  const AFTER = { action: 'wait', timeout: 100 };

  it('ends after the given silence, and the NCCO continues', async () => {
    const calls = createTestCalls();
    const caller = calls.call([{ action: 'record', endOnSilence: 3 }, AFTER], 440);
    await calls.pass(4000);
    expect(recordings(calls)).toEqual([]);
    caller.talks = false;
    await calls.pass(2800);
    expect(recordings(calls)).toEqual([]);
    await calls.pass(400);
    expect(recordings(calls)[0]?.seconds).toBeCloseTo(7, 0);
    expect(caller.leg.end).toBeUndefined();
  });

  it.each<[string, object, (calls: Calls, uuid: string) => Promise<void>, number]>([
    [
      'at its key, and at no other',
      { endOnKey: '#' },
      async (calls, uuid) => {
        const leg = calls.exchange.leg(uuid);
        if (leg) calls.exchange.press(leg, '12');
        await calls.pass(1000);
        if (leg) calls.exchange.press(leg, '#');
        await calls.pass(20);
      },
      1,
    ],
    ['after its time', { timeOut: 3 }, (calls) => calls.pass(3100), 3],
    [
      'when the NCCO is replaced',
      { timeOut: 3 },
      async (calls, uuid) => {
        await calls.pass(1000);
        calls.run(uuid, [AFTER]);
        await calls.pass(20);
      },
      1,
    ],
    [
      'when the leg is over',
      { timeOut: 3 },
      async (calls, uuid) => {
        await calls.pass(1000);
        calls.exchange.leg(uuid)?.finish({ cause: 'hung-up-here' });
        await calls.pass(20);
      },
      1,
    ],
  ])('ends %s, once', async (_when, end, during, seconds) => {
    const calls = createTestCalls();
    const { leg } = calls.call([{ action: 'record', ...end }, AFTER], 440);
    await calls.pass(10);
    await during(calls, leg.uuid);
    await calls.pass(4000);
    expect(recordings(calls)).toHaveLength(1);
    expect(recordings(calls)[0]?.seconds).toBeCloseTo(seconds, 1);
  });

  it('starts with a beep if requested', async () => {
    const calls = createTestCalls();
    const { heard } = calls.call([{ action: 'record', beepStart: true, timeOut: 3 }]);
    await calls.pass(150);
    expect(toneLevel(heard(), 1000)).toBeGreaterThan(-22);
    await calls.pass(3200);
    expect(recordings(calls)[0]?.level(1000)).toBeLessThan(-50);
  });
});

describe('the format of a recording (Vonage’s Java SDK, RecordAction)', () => {
  it.each([
    ['is mp3 where none is named', {}, 'mp3'],
    ['is the one that is named', { format: 'ogg' }, 'ogg'],
    ['is wav where that is named', { format: 'wav' }, 'wav'],
    ['is mp3 with a channel for each of two', { split: 'conversation' }, 'mp3'],
    ['is wav with more than two channels', { split: 'conversation', channels: 3, format: 'mp3' }, 'wav'],
  ])('%s', async (_what, settings, kind) => {
    const calls = createTestCalls();
    calls.call([{ action: 'record', timeOut: 3, ...settings }]);
    await calls.pass(3100);
    const [{ event } = { event: undefined }] = recordings(calls);
    expect(calls.files.get(String(event?.recording_uuid), 'app')?.kind).toBe(kind);
  });

  it('is wav where the encoder fails, which is said', async () => {
    const calls = createTestCalls();
    calls.breakEncoder();
    calls.call([{ action: 'record', timeOut: 3 }]);
    await calls.pass(3100);
    expect(recordings(calls)[0]?.seconds).toBeCloseTo(3, 1);
    expect(calls.log).toEqual(['Recordings are WAV: the mp3 encoder is broken.']);
  });
});

describe('a transcription', () => {
  const transcripts = ({ sent, files }: Calls) =>
    sent
      .filter(({ payload }) => payload.status === 'transcribed')
      .map(({ payload: { transcription_url: url } }) => {
        const file = files.get(String(url).replace('http://platform/v1/files/', ''), 'app');
        return { kind: file?.kind, text: JSON.parse(String(file?.content)) };
      });

  it('has what the platform spoke and what people said, each in the channel where it is heard', async () => {
    const { calls, anna, ben } = await twoPeople({
      action: 'record',
      split: 'conversation',
      channels: 3,
      transcription: { language: 'en-GB' },
    });
    anna.leg.say('Hello Ben!');
    await calls.pass(1000);
    ben.leg.say('Good morning.');
    calls.programs.of(anna.leg).startTalk({ text: '<speak>You have <break/>a minute.</speak>' });
    await calls.pass(1000);
    anna.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(20);
    const [transcript] = transcripts(calls);
    expect(transcript?.kind).toBe('json');
    expect(transcript?.text).toMatchObject({
      ver: '1.0.0',
      channels: [
        {
          transcript: [
            {
              sentence: 'Hello Ben!',
              raw_sentence: 'hello ben',
              timestamp: 2000,
              duration: 800,
              words: [
                { word: 'hello', start_time: 2000, end_time: 2400, confidence: 1 },
                { word: 'ben', start_time: 2400, end_time: 2800, confidence: 1 },
              ],
            },
          ],
          duration: 4000,
        },
        { transcript: [{ raw_sentence: 'good morning', timestamp: 3000 }] },
        { transcript: [{ raw_sentence: 'you have a minute', duration: 1000 }] },
      ],
    });
  });

  it('is told after its recording, to an address of its own where it has one', async () => {
    const calls = createTestCalls();
    const transcription = { eventUrl: ['http://app/words'] };
    const record = { action: 'record', timeOut: 3, transcription, eventUrl: ['http://app/sound'] };
    calls.call([record]);
    await calls.pass(3100);
    const told = calls.sent.filter(({ payload }) => 'recording_uuid' in payload);
    expect(told.map(({ address }) => address)).toEqual(['http://app/sound', 'http://app/words']);
    expect(told[1]?.payload).toEqual({
      conversation_uuid: told[0]?.payload.conversation_uuid,
      type: 'record',
      recording_uuid: told[0]?.payload.recording_uuid,
      status: 'transcribed',
      transcription_url: expect.stringMatching(/^http:\/\/platform\/v1\/files\//),
      timestamp: expect.any(String),
    });
  });

  it('is not made where nobody asked for it', async () => {
    const calls = createTestCalls();
    calls.call([{ action: 'record', timeOut: 3 }]);
    await calls.pass(3100);
    expect(transcripts(calls)).toEqual([]);
  });
});
