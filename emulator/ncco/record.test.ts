import { describe, expect, it } from 'vitest';
import { levelDbfs } from '../media/pcm.ts';
import { toneLevel } from '../media/testing.ts';
import { readWav } from '../media/wav.ts';
import { createTestCalls, SPEECH_HERTZ, START } from './testing.ts';

type Calls = ReturnType<typeof createTestCalls>;

/** The recordings that the application was told of, channel by channel. */
function recordings({ events, files }: Calls) {
  return events().flatMap((event) => {
    if (event.recording_url === undefined) return [];
    const wav = readWav(Uint8Array.from(files.get(String(event.recording_uuid), 'app') ?? []));
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
      size: calls.files.get(String(id), 'app')?.length,
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

it('a recording requested as MP3 is a WAV file, which is logged once', async () => {
  const calls = createTestCalls();
  const record = { action: 'record', format: 'mp3', timeOut: 3 };
  calls.call([record, record]);
  await calls.pass(6100);
  expect(recordings(calls)).toHaveLength(2);
  expect(new Set(calls.log)).toEqual(new Set(['Recordings are always WAV, even if an NCCO asks for mp3.']));
});
