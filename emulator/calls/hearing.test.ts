import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ncco } from '../../test/integration/support/application.ts';
import { serveTone, VoiceScene } from '../../test/integration/support/voice-scene.ts';
import type { Caller } from '../headless/people.ts';
import type { Heard } from './hearing.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const MEETING = { action: 'conversation', name: 'room' };
const TALK = { action: 'talk', text: 'One moment please' };
/** Answers the call, and does nothing else. */
const PICK_UP = { action: 'input', type: ['dtmf'], mode: 'asynchronous' };
const wait = (timeout: number) => ({ action: 'wait', timeout });
const ANNA = '447700900001';
const BEN = '447700900002';
const CARLA = '447700900003';

let scene: VoiceScene;
let tone: Awaited<ReturnType<typeof serveTone>>;

beforeEach(async () => {
  tone = await serveTone();
  scene = await VoiceScene.start([], { virtual: { seed: 1, start: START } });
});
afterEach(async () => {
  await scene[Symbol.asyncDispose]();
  await tone[Symbol.asyncDispose]();
});

/** Places a call, for which the application has this NCCO. */
function call(ncco: Ncco, from = ANNA): Caller {
  nccos.set(from, ncco);
  scene.application.answer = () => {
    const { from: asking } = scene.application.asked.at(-1) ?? {};
    return { body: nccos.get(String(asking)) ?? [] };
  };
  return scene.platform.call({ from });
}
const nccos = new Map<string, Ncco>();

/** Does something at a second of the virtual clock. */
function at(second: number, act: () => unknown): void {
  const { clock } = scene.platform;
  clock.after(second * 1000, () => void clock.during(Promise.resolve(act())));
}
const change = (caller: Caller, path: string, body: object) =>
  scene.request('PUT', `/${caller.leg.uuid}${path}`, body);
const switchTo = (caller: Caller, action: string) => change(caller, '', { action });
const transfer = (caller: Caller, ncco: Ncco) =>
  change(caller, '', { action: 'transfer', destination: { type: 'ncco', ncco } });

/** Of another in the call. */
const legOf = ({ leg }: Caller, number: string) => leg.conversation.legs.find(({ from }) => from === number);

/** What was heard for how many seconds, in words; checks that there is no gap in it. */
function told(spans: Heard[]): string[] {
  for (const [i, { from }] of spans.entries()) if (i > 0) expect(from).toBe(spans[i - 1]?.to);
  return spans.map(({ from, to, hears, text, url, of }) =>
    [(to - from) / 1000, hears, text, url, of?.join('+')].filter((part) => part !== undefined).join(' '),
  );
}

describe('what a caller hears', () => {
  it('is texts, files and the silence between them, from the answer to the end', async () => {
    const stream = { action: 'stream', streamUrl: [tone.url], loop: 3 };
    const caller = call([wait(5), TALK, wait(2), stream]);
    expect(caller.heard()).toEqual([]);
    await caller.over;
    const [text, ...others] = caller.heard();
    expect(text).toEqual({ from: START + 5000, to: expect.any(Number), hears: 'text', text: TALK.text });
    expect(Number(text?.to) - START).toBeGreaterThan(6000);
    expect(told(others)).toEqual(['2 silence', `3 music ${tone.url}`]);
    expect(scene.platform.heard(caller.leg.uuid)).toEqual(caller.heard());
  });

  it('tells a text that is repeated once, and one that comes twice twice', async () => {
    const ssml = { action: 'talk', text: '<speak>One <break/>moment</speak>', loop: 2 };
    const caller = call([TALK, TALK, ssml]);
    await caller.over;
    expect(caller.heard().map(({ text }) => text)).toEqual([TALK.text, TALK.text, 'One  moment']);
  });

  it('is the ringback tone, and then who answers', async () => {
    scene.platform.agent('Alice', { does: 'answer', after: 4, hangUpAfter: 10 });
    const connect = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] };
    const caller = call([PICK_UP, connect]);
    await caller.until('connected');
    const alice = caller.leg.conversation.legs.find(({ channel }) => channel.type === 'app');
    await caller.over;
    expect(told(caller.heard())).toEqual(['4 ringback', '10 voice Alice']);
    expect(told(scene.platform.heard(String(alice?.uuid)))).toEqual([`10 voice ${ANNA}`]);
  });

  it('is a ringback tone of the application', async () => {
    scene.platform.agent('Alice', { does: 'answer', after: 4, hangUpAfter: 1 });
    const connect = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }], ringbackTone: tone.url };
    const caller = call([PICK_UP, connect]);
    await caller.over;
    expect(told(caller.heard())).toEqual([`4 ringback ${tone.url}`, '1 voice Alice']);
  });

  it('is silence while an agent has vanished', async () => {
    scene.platform.agent('Alice', { does: 'answer', vanishAfter: 5, backAfter: 8, hangUpAfter: 3 });
    const caller = call([{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }]);
    await caller.over;
    expect(told(caller.heard())).toEqual(['5 voice Alice', '8 silence', '3 voice Alice']);
    const { uuid } = caller.leg;
    expect(told(scene.platform.silences(uuid, 7.9))).toEqual(['8 silence']);
    expect(scene.platform.silences(uuid, 8)).toEqual([]);
  });

  it('is a beep, and the keys of others', async () => {
    const caller = call([{ action: 'record', beepStart: true, timeOut: 5 }, MEETING]);
    at(10.2, () => call([MEETING], BEN));
    at(12.2, () => change(caller, '/dtmf', { digits: '12' }));
    at(15.2, () => caller.hangUp());
    await caller.over;
    expect(told(caller.heard())).toEqual([
      '0.2 tone',
      '10 silence',
      `2 voice ${BEN}`,
      `0.4 tone ${BEN}`,
      `2.6 voice ${BEN}`,
    ]);
  });

  it('cannot be asked of a leg that does not exist', () => {
    expect(() => scene.platform.heard('nobody')).toThrow('There is no leg nobody');
  });

  it('is kept for the latest thousand parts', async () => {
    const caller = call(Array.from({ length: 1200 }, (_, i) => (i % 2 === 0 ? TALK : wait(1))));
    await caller.over;
    const spans = caller.heard();
    expect(spans).toHaveLength(1000);
    expect(spans.at(-1)?.to).toBe(scene.platform.clock.now());
  });
});

describe('in a conversation a caller hears', () => {
  it('silence alone, and the others as they come and go', async () => {
    const anna = call([MEETING]);
    at(5, () => call([MEETING], BEN));
    at(8, () => call([MEETING], CARLA));
    at(10, () => legOf(anna, BEN)?.finish({ cause: 'hung-up-here' }));
    at(14, () => legOf(anna, CARLA)?.finish({ cause: 'hung-up-here' }));
    at(20, () => anna.hangUp());
    await anna.over;
    expect(told(anna.heard())).toEqual([
      '5 silence',
      `3 voice ${BEN}`,
      `2 voice ${BEN}+${CARLA}`,
      `4 voice ${CARLA}`,
      '6 silence',
    ]);
  });

  it('nobody who is muted, and nothing while earmuffed', async () => {
    const [anna, ben] = [call([MEETING]), call([MEETING], BEN)];
    at(2, () => switchTo(ben, 'mute'));
    at(3, () => switchTo(ben, 'unmute'));
    at(5, () => switchTo(anna, 'earmuff'));
    at(6, () => change(anna, '/talk', { text: 'Hello', loop: 0 }));
    at(9, () => switchTo(anna, 'unearmuff'));
    at(11, () => scene.request('DELETE', `/${anna.leg.uuid}/talk`));
    at(12, () => ben.hangUp());
    at(12, () => anna.hangUp());
    await anna.over;
    expect(told(anna.heard())).toEqual([
      `2 voice ${BEN}`,
      '1 silence',
      `2 voice ${BEN}`,
      '4 silence',
      `2 text Hello ${BEN}`,
      `1 voice ${BEN}`,
    ]);
    expect(told(ben.heard())).toEqual([`12 voice ${ANNA}`]);
  });

  it('whom canHear and canSpeak allow', async () => {
    const [anna, ben] = [call([MEETING]), call([MEETING], BEN)];
    const { uuid } = ben.leg;
    let carla: Heard[] = [];
    at(3, () => call([{ ...MEETING, canSpeak: [uuid], canHear: [anna.leg.uuid] }], CARLA));
    at(4, () => {
      carla = scene.platform.heard(String(legOf(anna, CARLA)?.uuid));
      anna.hangUp();
      ben.hangUp();
    });
    await Promise.all([anna.over, ben.over]);
    expect(told(anna.heard())).toEqual([`4 voice ${BEN}`]);
    expect(told(carla)).toEqual([`1 voice ${ANNA}`]);
    expect(told(ben.heard())).toEqual([`3 voice ${ANNA}`, `1 voice ${ANNA}+${CARLA}`]);
  });

  it('music until it begins, then the others', async () => {
    const anna = call([{ ...MEETING, startOnEnter: false, musicOnHoldUrl: [tone.url] }]);
    at(3, () => call([{ ...MEETING, startOnEnter: false }], BEN));
    at(7, () => call([{ ...MEETING, endOnExit: true }], CARLA));
    at(9, () => legOf(anna, CARLA)?.finish({ cause: 'hung-up-here' }));
    await anna.over;
    expect(told(anna.heard())).toEqual([`7 music ${tone.url}`, `2 voice ${BEN}+${CARLA}`]);
  });

  it('what it is given after a transfer, without a trace of the way', async () => {
    const [anna, ben] = [call([MEETING]), call([MEETING], BEN)];
    const hold = [{ action: 'stream', streamUrl: [tone.url], loop: 0 }];
    at(5, () => transfer(anna, hold));
    at(11, () => transfer(anna, [MEETING]));
    at(13, () => anna.hangUp());
    at(14, () => ben.hangUp());
    await ben.over;
    expect(told(anna.heard())).toEqual([`5 voice ${BEN}`, `6 music ${tone.url}`, `2 voice ${BEN}`]);
    expect(told(ben.heard())).toEqual([`5 voice ${ANNA}`, '6 silence', `2 voice ${ANNA}`, '1 silence']);
  });
});
