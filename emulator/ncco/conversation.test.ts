import { describe, expect, it } from 'vitest';
import { levelDbfs } from '../media/pcm.ts';
import { sine, toneLevel } from '../media/testing.ts';
import { readWav } from '../media/wav.ts';
import { createTestCalls, SPEECH_HERTZ } from './testing.ts';

const SILENT = Number.NEGATIVE_INFINITY;
const MEETING = { action: 'conversation', name: 'room' };
const HEARD = -22;
const NOT_HEARD = -55;

describe('a conversation', () => {
  it('of three lets each hear the others but not themselves', async () => {
    const calls = createTestCalls();
    const people = [440, 1000, 2500].map((hertz) => ({ hertz, ...calls.call([MEETING], hertz) }));
    await calls.pass(500);
    for (const { hertz, heard } of people) {
      for (const other of people) {
        const level = toneLevel(heard(), other.hertz);
        if (other.hertz === hertz) expect(level).toBeLessThan(NOT_HEARD);
        else expect(level).toBeGreaterThan(HEARD);
      }
    }
    expect(new Set(people.map(({ leg }) => leg.conversation.id)).size).toBe(1);
  });

  it('is identified by its name', async () => {
    const calls = createTestCalls();
    const anna = calls.call([MEETING], 440);
    const ben = calls.call([{ ...MEETING, name: 'other' }], 1000);
    await calls.pass(300);
    expect(levelDbfs(anna.heard())).toBe(SILENT);
    expect(levelDbfs(ben.heard())).toBe(SILENT);
  });

  it('reports each new member by a transfer event', async () => {
    const calls = createTestCalls();
    const { leg } = calls.call([MEETING]);
    await calls.pass(20);
    expect(calls.events()).toMatchObject([
      {
        type: 'transfer',
        uuid: leg.uuid,
        conversation_uuid_from: expect.any(String),
        conversation_uuid_to: leg.conversation.id,
      },
    ]);
  });

  it('keeps a single member, and starts over when the last one has left', async () => {
    const calls = createTestCalls();
    const anna = calls.call([MEETING], 440);
    await calls.pass(3000);
    expect(anna.leg.end).toBeUndefined();
    anna.leg.finish({ cause: 'hung-up-here' });
    const ben = calls.call([MEETING], 1000);
    await calls.pass(20);
    expect(ben.leg.conversation.id).not.toBe(anna.leg.conversation.id);
  });

  it('continues for the others when one leaves', async () => {
    const calls = createTestCalls();
    const [anna, ben, carla] = [
      calls.call([MEETING], 440),
      calls.call([MEETING], 1000),
      calls.call([MEETING], 2500),
    ];
    await calls.pass(100);
    carla.leg.finish({ cause: 'hung-up-here' });
    await calls.pass(300);
    expect(toneLevel(anna.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(toneLevel(ben.heard(), 440)).toBeGreaterThan(HEARD);
  });

  it('has 50 members at most, and the next leg continues its NCCO', async () => {
    const calls = createTestCalls();
    for (let i = 0; i < 50; i++) calls.call([MEETING]);
    const late = calls.call([MEETING, { action: 'talk', text: 'Sorry' }]);
    await calls.pass(200);
    expect(calls.events().flatMap(({ reason }) => reason ?? [])).toEqual([
      'NCCO conversation: "room" has 50 members already',
    ]);
    expect(toneLevel(late.heard(), SPEECH_HERTZ)).toBeGreaterThan(HEARD);
  });
});

describe('who may hear whom', () => {
  it('muted is silent', async () => {
    const calls = createTestCalls();
    const anna = calls.call([{ ...MEETING, mute: true }], 440);
    const ben = calls.call([MEETING], 1000);
    await calls.pass(300);
    expect(levelDbfs(ben.heard())).toBe(SILENT);
    expect(toneLevel(anna.heard(), 1000)).toBeGreaterThan(HEARD);
  });

  it('canHear lists who is heard', async () => {
    const calls = createTestCalls();
    const [ben, carla] = [calls.call([MEETING], 1000), calls.call([MEETING], 2500)];
    const anna = calls.call([{ ...MEETING, canHear: [ben.leg.uuid] }], 440);
    await calls.pass(300);
    expect(toneLevel(anna.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(toneLevel(anna.heard(), 2500)).toBeLessThan(NOT_HEARD);
    expect(toneLevel(carla.heard(), 440)).toBeGreaterThan(HEARD);
  });

  it('canSpeak lists who hears, as for a whisper', async () => {
    const calls = createTestCalls();
    const [customer, agent] = [calls.call([MEETING], 1000), calls.call([MEETING], 2500)];
    const coach = calls.call([{ ...MEETING, canSpeak: [agent.leg.uuid] }], 440);
    await calls.pass(300);
    expect(toneLevel(agent.heard(), 440)).toBeGreaterThan(HEARD);
    expect(toneLevel(customer.heard(), 440)).toBeLessThan(NOT_HEARD);
    expect(toneLevel(coach.heard(), 1000)).toBeGreaterThan(HEARD);
  });

  it('an empty list means nobody', async () => {
    const calls = createTestCalls();
    const anna = calls.call([{ ...MEETING, canHear: [] }], 440);
    const ben = calls.call([{ ...MEETING, canSpeak: [] }], 1000);
    const carla = calls.call([MEETING], 2500);
    await calls.pass(300);
    expect(levelDbfs(anna.heard())).toBe(SILENT);
    expect(toneLevel(carla.heard(), 1000)).toBeLessThan(NOT_HEARD);
    expect(toneLevel(ben.heard(), 440)).toBeGreaterThan(HEARD);
  });
});

describe('a moderated conversation', () => {
  const GUEST = { ...MEETING, startOnEnter: false, musicOnHoldUrl: ['http://music/'] };

  it('plays music to waiting members, who do not hear each other, until the moderator joins', async () => {
    const calls = createTestCalls();
    calls.streams.set('http://music/', sine(2000, 500));
    const [anna, ben] = [calls.call([GUEST], 440), calls.call([GUEST], 1000)];
    await calls.pass(1200);
    expect(toneLevel(anna.heard(), 2000)).toBeGreaterThan(HEARD);
    expect(toneLevel(anna.heard(), 1000)).toBeLessThan(NOT_HEARD);
    const moderator = calls.call([MEETING], 2500);
    await calls.pass(300);
    expect(toneLevel(anna.heard(), 2000)).toBeLessThan(NOT_HEARD);
    expect(toneLevel(anna.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(toneLevel(ben.heard(), 2500)).toBeGreaterThan(HEARD);
    expect(toneLevel(moderator.heard(), 440)).toBeGreaterThan(HEARD);
  });

  it('reports missing music, and is silent', async () => {
    const calls = createTestCalls();
    const { heard, leg } = calls.call([GUEST], 440);
    await calls.pass(300);
    expect(levelDbfs(heard())).toBe(SILENT);
    expect(calls.events().at(-1)).toMatchObject({
      reason: 'Music on hold http://music/ answered 404',
      conversation_uuid: leg.conversation.id,
    });
  });

  it('ends for everyone when the moderator leaves', async () => {
    const calls = createTestCalls();
    const [anna, moderator] = [calls.call([MEETING]), calls.call([{ ...MEETING, endOnExit: true }])];
    await calls.pass(100);
    moderator.leg.finish({ cause: 'hung-up-here' });
    expect(anna.leg.end).toEqual({ cause: 'hung-up-there' });
  });
});

it('a conversation is recorded only once, from start to end', async () => {
  const calls = createTestCalls();
  const recorded = { ...MEETING, record: true, eventUrl: ['http://app/recorded'] };
  const anna = calls.call([{ ...recorded, startOnEnter: false }], 440);
  await calls.pass(1000);
  const ben = calls.call([recorded], 1000);
  await calls.pass(1000);
  anna.leg.finish({ cause: 'hung-up-here' });
  await calls.pass(1000);
  ben.leg.finish({ cause: 'hung-up-here' });
  await calls.pass(20);
  const told = calls.sent.filter(({ address }) => address === 'http://app/recorded');
  expect(told).toHaveLength(1);
  const file = calls.files.get(String(told[0]?.payload.recording_uuid), 'app')?.content;
  const { samples, sampleRate } = readWav(Uint8Array.from(file ?? []));
  expect(samples.length / sampleRate).toBeCloseTo(2, 1);
  expect(toneLevel(samples.subarray(0, sampleRate), 440, sampleRate)).toBeGreaterThan(-23);
  expect(toneLevel(samples.subarray(sampleRate), 1000, sampleRate)).toBeGreaterThan(-23);
});
