import { describe, expect, it } from 'vitest';
import { toneLevel } from '../media/testing.ts';
import { createTestCalls, SPEECH_HERTZ } from './testing.ts';

const MEETING = { action: 'conversation', name: 'room' };
const HEARD = -22;
const NOT_HEARD = -55;

describe('transfer', () => {
  it('moves every leg into the conversation, where they stay', async () => {
    const calls = createTestCalls();
    const host = calls.call([MEETING], 440);
    const [anna, ben] = [
      calls.call([{ ...MEETING, name: 'lobby' }], 1000),
      calls.call([{ ...MEETING, name: 'lobby' }], 2500),
    ];
    await calls.pass(100);
    const to = host.leg.conversation.id;
    calls.run(anna.leg.uuid, [
      { action: 'transfer', conversation_id: to },
      { action: 'talk', text: 'never' },
    ]);
    await calls.pass(300);
    expect([anna.leg.conversation.id, ben.leg.conversation.id]).toEqual([to, to]);
    expect(toneLevel(host.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(toneLevel(host.heard(), 2500)).toBeGreaterThan(HEARD);
    expect(toneLevel(anna.heard(), 440)).toBeGreaterThan(HEARD);
    const transfers = calls.events().filter(({ conversation_uuid_to }) => conversation_uuid_to === to);
    expect(transfers.map(({ uuid }) => uuid)).toEqual([host, anna, ben].map(({ leg }) => leg.uuid));
  });

  it('keeps them until nobody else is left', async () => {
    const calls = createTestCalls();
    const host = calls.call([MEETING]);
    const anna = calls.call([
      { action: 'wait', timeout: 1 },
      { action: 'transfer', conversationId: host.leg.conversation.id },
    ]);
    await calls.pass(1100);
    expect(anna.leg.end).toBeUndefined();
    host.leg.finish({ cause: 'hung-up-here' });
    expect(anna.leg.end).toEqual({ cause: 'hung-up-there' });
  });

  it('can mute, and set who hears whom', async () => {
    const calls = createTestCalls();
    const [host, guest] = [calls.call([MEETING], 440), calls.call([MEETING], 1000)];
    await calls.pass(20);
    const conversationId = host.leg.conversation.id;
    const anna = calls.call(
      [{ action: 'transfer', conversationId, mute: true, canHear: [guest.leg.uuid] }],
      2500,
    );
    await calls.pass(300);
    expect(toneLevel(anna.heard(), 1000)).toBeGreaterThan(HEARD);
    expect(toneLevel(anna.heard(), 440)).toBeLessThan(NOT_HEARD);
    expect(toneLevel(host.heard(), 2500)).toBeLessThan(NOT_HEARD);
  });

  it('to an unknown conversation is reported and skipped', async () => {
    const calls = createTestCalls();
    const { heard } = calls.call([
      { action: 'transfer', conversationId: 'CON-unknown' },
      { action: 'talk', text: 'Hello' },
    ]);
    await calls.pass(300);
    expect(calls.events()).toMatchObject([{ reason: expect.stringContaining('CON-unknown') }]);
    expect(toneLevel(heard(), SPEECH_HERTZ)).toBeGreaterThan(HEARD);
  });
});
