import { describe, expect, it } from 'vitest';
import { levelDbfs } from '../media/pcm.ts';
import { sine, toneLevel } from '../media/testing.ts';
import { keyTones } from '../media/tones.ts';
import { createTestCalls, NUMBER, SPEECH_HERTZ } from './testing.ts';

const TALK = { action: 'talk', text: 'Hello' };
const SILENT = Number.NEGATIVE_INFINITY;
const statuses = ({ sent }: ReturnType<typeof createTestCalls>) =>
  sent.flatMap(({ payload }) => payload.status ?? []);

describe('an NCCO', () => {
  it('runs in order, and the leg is hung up at its end', async () => {
    const calls = createTestCalls();
    calls.streams.set('http://music/', sine(1000, 500));
    const { leg, heard } = calls.call([TALK, { action: 'stream', streamUrl: ['http://music/'] }]);
    await calls.pass(500);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeCloseTo(-20, 0);
    await calls.pass(800);
    expect(toneLevel(heard(), 1000)).toBeCloseTo(-20, 0);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeLessThan(-60);
    expect(leg.end).toBeUndefined();
    await calls.pass(400);
    expect(leg.end).toEqual({ cause: 'hung-up-there' });
    expect(statuses(calls)).toEqual(['answered', 'completed']);
  });

  it('that is replaced stops immediately, and the new one runs', async () => {
    const calls = createTestCalls();
    calls.streams.set('http://music/', sine(1000, 500));
    const { leg, heard } = calls.call([{ ...TALK, loop: 0 }]);
    await calls.pass(500);
    calls.run(leg.uuid, [{ action: 'stream', streamUrl: ['http://music/'], loop: 2 }]);
    await calls.pass(200);
    expect(toneLevel(heard(), 1000)).toBeCloseTo(-20, 0);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeLessThan(-60);
    await calls.pass(1000);
    expect(leg.end).toEqual({ cause: 'hung-up-there' });
  });

  it('ends with the leg, whatever it is doing', async () => {
    const calls = createTestCalls();
    const { leg } = calls.call([{ action: 'wait', timeout: 1 }, TALK]);
    await calls.pass(500);
    leg.finish({ cause: 'hung-up-here' });
    await calls.pass(2000);
    expect(statuses(calls)).toEqual(['completed']);
  });
});

describe('control by REST', () => {
  it('speaks and plays over the NCCO until stopped', async () => {
    const calls = createTestCalls();
    calls.streams.set('http://music/', sine(1000, 500));
    const { leg, heard } = calls.call([{ action: 'wait', timeout: 20 }]);
    leg.answer();
    const control = calls.programs.of(leg);
    control.startTalk({ text: 'Hello', loop: 0 });
    control.startStream({ streamUrl: ['http://music/'], loop: 0 });
    await calls.pass(2000);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeCloseTo(-20, 0);
    expect(toneLevel(heard(), 1000)).toBeCloseTo(-20, 0);
    expect([control.stopTalk(), control.stopTalk()]).toEqual([true, false]);
    await calls.pass(200);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeLessThan(-60);
    expect(control.stopStream()).toBe(true);
    await calls.pass(200);
    expect(levelDbfs(heard())).toBe(SILENT);
    expect(leg.end).toBeUndefined();
  });

  it('moves a single leg to a new conversation, and reports it', async () => {
    const calls = createTestCalls();
    const { leg, heard } = calls.call([{ action: 'wait', timeout: 20 }], 440);
    await calls.pass(100);
    const from = leg.conversation.id;
    calls.programs.of(leg).transfer([]);
    await calls.pass(100);
    expect(leg.end).toEqual({ cause: 'hung-up-there' });
    expect(calls.events()).toEqual([
      {
        type: 'transfer',
        conversation_uuid_from: from,
        conversation_uuid_to: leg.conversation.id,
        uuid: leg.uuid,
        timestamp: expect.any(String),
      },
    ]);
    expect(calls.exchange.conversation(from)).toBeUndefined();
    expect(heard().length).toBeGreaterThan(0);
  });
});

describe('level and loop', () => {
  it('change volume and duration', async () => {
    const calls = createTestCalls();
    const { heard, leg } = calls.call([
      { ...TALK, level: 1, loop: 2 },
      { ...TALK, level: '-0.5' },
    ]);
    await calls.pass(1800);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeCloseTo(-14, 0);
    await calls.pass(800);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeCloseTo(-26, 0);
    await calls.pass(600);
    expect(leg.end).toBeDefined();
  });
});

describe('a file that cannot be played', () => {
  it('is reported by an error event and skipped', async () => {
    const calls = createTestCalls();
    const { leg, heard } = calls.call([{ action: 'stream', streamUrl: ['http://nowhere/'] }, TALK]);
    await calls.pass(500);
    expect(calls.events()).toEqual([
      {
        reason: 'Stream http://nowhere/ answered 404',
        conversation_uuid: leg.conversation.id,
        timestamp: expect.any(String),
      },
    ]);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeCloseTo(-20, 0);
  });
});

describe('bargeIn', () => {
  const INPUT = { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 2, timeOut: 5 } };

  it('lets a key end playback within 100 ms and reach the following input', async () => {
    const calls = createTestCalls();
    const { leg, heard } = calls.call([{ ...TALK, bargeIn: true, loop: 0 }, TALK, INPUT]);
    await calls.pass(500);
    calls.exchange.press(leg, '4');
    await calls.pass(100);
    expect(levelDbfs(heard(50))).toBe(SILENT);
    calls.exchange.press(leg, '2');
    await calls.pass(50);
    expect(calls.events()).toMatchObject([{ dtmf: { digits: '42', timed_out: false } }]);
  });

  it('also detects keys in the audio', async () => {
    const calls = createTestCalls();
    const caller = calls.call([
      { ...TALK, bargeIn: true, loop: 0 },
      { ...INPUT, dtmf: { maxDigits: 1 } },
    ]);
    await calls.pass(200);
    const source = keyTones('7');
    for (let i = 0; i < 20; i++) {
      const frame = new Int16Array(480);
      source.read(frame);
      caller.says.push(frame);
    }
    await calls.pass(300);
    expect(calls.events()).toMatchObject([{ dtmf: { digits: '7', timed_out: false } }]);
  });

  it('is required: without it, a key changes nothing and is lost', async () => {
    const calls = createTestCalls();
    const { leg, heard } = calls.call([TALK, { ...INPUT, dtmf: { timeOut: 1 } }]);
    await calls.pass(500);
    calls.exchange.press(leg, '4');
    await calls.pass(100);
    expect(toneLevel(heard(50), SPEECH_HERTZ)).toBeCloseTo(-20, 0);
    await calls.pass(2000);
    expect(calls.events()).toMatchObject([{ to: NUMBER, dtmf: { digits: '', timed_out: true } }]);
  });
});
