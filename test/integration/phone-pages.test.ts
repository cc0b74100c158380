import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FRAME_SAMPLES } from '../../emulator/media/pcm.ts';
import { PhonePage } from './support/phone-page.ts';
import { NUMBER, STAY, VoiceScene } from './support/voice-scene.ts';

const ANNA = '447700900001';
const BEN = '447700900002';
const NOBODY = '447700900999';

let scene: VoiceScene;
beforeAll(async () => {
  scene = await VoiceScene.start();
});
afterAll(() => scene[Symbol.asyncDispose]());

const open = (number: string | null) => PhonePage.open(scene.platform.url, number);
/** The application calls a number, and the answered call stays up. */
const call = (number: string, more: object = {}) => scene.call({ type: 'phone', number }, more);

describe('a call to a phone page', () => {
  test('rings with the caller’s number, is answered, and is hung up by the page', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    expect(await anna.rung()).toEqual({ uuid, from: NUMBER, to: ANNA });
    await scene.reaches(uuid, 'ringing');
    expect(await anna.answer(uuid)).toEqual({ ok: true });
    await scene.reaches(uuid, 'answered');
    expect(await anna.hangUp(uuid)).toEqual({ ok: true });
    expect(await anna.ended(uuid)).toBe('you-hung-up');
    await scene.reaches(uuid, 'completed');
    expect(scene.statuses(uuid)).toEqual(['started', 'ringing', 'answered', 'completed']);
  });

  test('ends on the page when the other side hangs up', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    await anna.answer(uuid);
    await scene.request('PUT', `/${uuid}`, { action: 'hangup' });
    expect(await anna.ended(uuid)).toBe('far-side-hung-up');
  });

  test('that is rejected is reported as rejected', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    expect(await anna.reject(uuid)).toEqual({ ok: true });
    await scene.reaches(uuid, 'rejected');
    expect(await anna.answer(uuid)).toMatchObject({ ok: false, code: 'gone' });
  });

  test('to a page that has just dialled finds it busy', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    await anna.reject(uuid, true);
    await scene.reaches(uuid, 'busy');
  });

  test('finds the page busy while it rings or is in a call, and free afterwards', async () => {
    using anna = await open(ANNA);
    const first = await call(ANNA);
    await anna.rung();
    await scene.reaches(await call(ANNA), 'busy');
    await anna.answer(first);
    await scene.reaches(await call(ANNA), 'busy');
    await anna.hangUp(first);
    await call(ANNA);
    await anna.rung(2);
  });

  test('stops ringing when the caller hangs up', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    await scene.request('PUT', `/${uuid}`, { action: 'hangup' });
    expect(await anna.ended(uuid)).toBe('caller-gave-up');
    await scene.reaches(uuid, 'cancelled');
  });

  test('stops ringing when nobody answers', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA, { ringing_timer: 1 });
    await anna.rung();
    expect(await anna.ended(uuid)).toBe('nobody-answered');
  });

  test('that reaches its maximum duration says so', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA, { length_timer: 1 });
    await anna.rung();
    await anna.answer(uuid);
    expect(await anna.ended(uuid)).toBe('time-limit');
  });

  test('rings on every page of the number, and the first to answer gets it', async () => {
    using anna = await open(ANNA);
    using other = await open(ANNA);
    const uuid = await call(ANNA);
    await Promise.all([anna.rung(), other.rung()]);
    expect(await other.answer(uuid)).toEqual({ ok: true });
    expect(await anna.ended(uuid)).toBe('answered-elsewhere');
    expect(await anna.answer(uuid)).toMatchObject({ ok: false, code: 'gone' });
    expect(await anna.hangUp(uuid)).toMatchObject({ ok: false });
    expect(scene.statuses(uuid)).not.toContain('completed');
  });

  test('is rejected when every page of the number rejects it', async () => {
    using anna = await open(ANNA);
    using other = await open(ANNA);
    const uuid = await call(ANNA);
    await Promise.all([anna.rung(), other.rung()]);
    await anna.reject(uuid);
    await other.reject(uuid);
    await scene.reaches(uuid, 'rejected');
  });

  test('is rejected if one page rejects it and the others are busy or away', async () => {
    using anna = await open(ANNA);
    using other = await open(ANNA);
    const uuid = await call(ANNA);
    await Promise.all([anna.rung(), other.rung()]);
    await anna.reject(uuid);
    await other.reject(uuid, true);
    await scene.reaches(uuid, 'rejected');
  });
});

describe('the own number', () => {
  test('is different for each page, even if pages remember one', async () => {
    using kept = await open('447700900000');
    using fresh = await open(null);
    using last = await open(null);
    const numbers = [kept, fresh, last].map((page) => page.welcome?.caller);
    expect(new Set(numbers).size).toBe(3);
    expect(numbers.slice(1)).not.toContain('447700900000');
  });

  test('passes to a page that is opened again right after it disappeared', async () => {
    using gone = await open(null);
    await gone.register(gone.welcome?.caller ?? '');
    gone.leave();
    const anew = async () => {
      using page = await open(null);
      return page.welcome?.caller;
    };
    // Long before the platform gives it up.
    await expect.poll(anew, { timeout: 3000 }).toBe(gone.welcome?.caller);
  });

  test('can be changed, and calls to the old one then reach nobody', async () => {
    using page = await open(ANNA);
    await page.register(BEN);
    await scene.reaches(await call(ANNA), 'unanswered');
    await call(BEN);
    expect((await page.rung()).to).toBe(BEN);
  });

  test('must be callable', async () => {
    using page = await open(null);
    for (const number of ['123456', '+447700900001', 'Anna', '1'.repeat(16)])
      expect(await page.register(number), number).toMatchObject({ ok: false });
  });

  test('may be in use already: of the two pages, the free one rings', async () => {
    using anna = await open(ANNA);
    using other = await open(ANNA);
    const first = await call(ANNA);
    await Promise.all([anna.rung(), other.rung()]);
    await anna.answer(first);
    await call(ANNA);
    await other.rung(2);
    expect(anna.rings).toHaveLength(1);
  });
});

describe('a page that is disconnected', () => {
  test('for a moment keeps ringing and can answer', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    anna.cut();
    expect(await anna.isRemembered()).toBe(true);
    expect(await anna.answer(uuid)).toEqual({ ok: true });
    await scene.reaches(uuid, 'answered');
  });

  test('for a moment learns of a call that started meanwhile', async () => {
    using anna = await open(ANNA);
    anna.cut();
    const uuid = await call(ANNA);
    expect((await anna.rung()).uuid).toBe(uuid);
  });

  test('for good no longer rings or counts as a phone', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    anna.socket.disconnect();
    await scene.reaches(uuid, 'unanswered');
    await scene.reaches(await call(ANNA), 'unanswered');
  });

  test('for good leaves the call to another page of its number', async () => {
    using anna = await open(ANNA);
    using other = await open(ANNA);
    const uuid = await call(ANNA);
    await Promise.all([anna.rung(), other.rung()]);
    anna.socket.disconnect();
    await scene.reaches(await call(ANNA), 'busy');
    expect(await other.answer(uuid)).toEqual({ ok: true });
  });
});

describe('in an answered call', () => {
  test('both sides hear each other', async () => {
    using anna = await open(ANNA);
    using ben = await open(BEN);
    const uuid = await call(ANNA, {
      ncco: [{ action: 'connect', endpoint: [{ type: 'phone', number: BEN }] }],
    });
    await anna.rung();
    const annas = await anna.answerAloud(uuid);
    const bens = await ben.answerAloud((await ben.rung()).uuid);
    const loud = new Int16Array(FRAME_SAMPLES).map((_, i) => 8000 * Math.sin((2 * Math.PI * i) / 48));
    const heard = { anna: 0, ben: 0 };
    const peak = (frame: Int16Array) => frame.reduce((most, sample) => Math.max(most, sample), 0);
    annas.onFrame((frame) => {
      heard.anna = Math.max(heard.anna, peak(frame));
      bens.send(loud);
    });
    bens.onFrame((frame) => {
      heard.ben = Math.max(heard.ben, peak(frame));
      annas.send(loud);
    });
    await expect.poll(() => Math.min(heard.anna, heard.ben), { timeout: 10_000 }).toBeGreaterThan(4000);
  });

  test('keys and speech reach the NCCO', async () => {
    using anna = await open(ANNA);
    const ask = (type: 'dtmf' | 'speech') => ({
      action: 'input',
      type: [type],
      ...(type === 'dtmf' ? { dtmf: { maxDigits: 2 } } : { speech: {} }),
    });
    const uuid = await call(ANNA, { ncco: [ask('dtmf'), ask('speech'), ...STAY] });
    await anna.rung();
    await anna.answer(uuid);
    const inputs = () => scene.application.events.filter((event) => 'dtmf' in event && event.uuid === uuid);
    expect(await anna.press(uuid, '4#')).toEqual({ ok: true });
    await expect.poll(inputs).toMatchObject([{ uuid, dtmf: { digits: '4#' } }]);
    await expect
      .poll(async () => {
        // Nobody listens until the second input action starts.
        expect(await anna.say(uuid, ' the blue one ')).toEqual({ ok: true });
        return inputs().at(1);
      })
      .toMatchObject({ uuid, speech: { results: [{ text: 'the blue one' }] } });
  });

  test('nonsense is rejected with a readable message', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    await anna.answer(uuid);
    for (const text of ['', '  ', 'x'.repeat(1001)]) {
      expect(await anna.say(uuid, text)).toEqual({ ok: false, message: 'Say 1 to 1000 characters.' });
    }
    expect(await anna.say('another', 'yes')).toMatchObject({ ok: false });
    expect(await anna.press(uuid, 'x')).toMatchObject({ ok: false });
  });

  test('an answer with an invalid audio description leaves it ringing', async () => {
    using anna = await open(ANNA);
    const uuid = await call(ANNA);
    await anna.rung();
    const answer = await anna.socket.emitWithAck('answer', { uuid, offer: 'v=0' });
    expect(answer).toMatchObject({ ok: false, code: 'bad-media' });
    expect(await anna.answer(uuid)).toEqual({ ok: true });
  });
});

describe('a caller who dials a phone page', () => {
  const dial = async (page: PhonePage) => {
    const reply = await page.socket.emitWithAck('dial', { from: ANNA, to: NUMBER });
    if (!reply.ok) throw new Error(reply.message);
    return reply.uuid;
  };
  const connects = (number: string) => {
    const connect = { action: 'connect', endpoint: [{ type: 'phone', number }] };
    scene.application.answer = () => ({ body: [connect] });
  };
  beforeEach(() => connects(BEN));

  test('learns that it is in another call', async () => {
    using anna = await open(ANNA);
    using ben = await open(BEN);
    await call(BEN);
    await ben.rung();
    expect(await anna.ended(await dial(anna))).toBe('busy');
  });

  test('learns that the number is unassigned', async () => {
    connects(NOBODY);
    using anna = await open(ANNA);
    expect(await anna.ended(await dial(anna))).toBe('not-in-service');
  });

  test('is connected to it until either hangs up', async () => {
    using anna = await open(ANNA);
    using ben = await open(BEN);
    const uuid = await dial(anna);
    const ring = await ben.rung();
    expect(ring).toMatchObject({ from: ANNA, to: BEN });
    await ben.answer(ring.uuid);
    await expect.poll(() => anna.updates.map(({ status }) => status)).toContain('connected');
    await anna.hangUp(uuid);
    expect(await ben.ended(ring.uuid)).toBe('far-side-hung-up');
  });
});

describe('a phone page that dials the number of another', () => {
  const dial = async (page: PhonePage, to: string) => {
    const reply = await page.socket.emitWithAck('dial', { from: ANNA, to });
    if (!reply.ok) throw new Error(reply.message);
    return reply.uuid;
  };

  test('rings there and talks to it, and no application gets a webhook', async () => {
    using anna = await open(ANNA);
    using ben = await open(BEN);
    const told = scene.application.events.length + scene.application.questions.length;
    const uuid = await dial(anna, BEN);
    const ring = await ben.rung();
    expect(ring).toMatchObject({ from: ANNA, to: BEN });
    expect(await ben.answer(ring.uuid)).toEqual({ ok: true });
    await expect.poll(() => anna.updates.map(({ status }) => status)).toContain('connected');
    await ben.hangUp(ring.uuid);
    expect(await anna.ended(uuid)).toBe('far-side-hung-up');
    expect(scene.application.events.length + scene.application.questions.length).toBe(told);
    expect(await scene.request('GET', `/${uuid}`)).toMatchObject({ status: 404 });
  });

  test('learns that the call was rejected or that the number is switched off', async () => {
    using anna = await open(ANNA);
    const ben = await open(BEN);
    const uuid = await dial(anna, BEN);
    await ben.reject((await ben.rung()).uuid);
    expect(await anna.ended(uuid)).toBe('rejected');
    ben.socket.disconnect();
    await expect.poll(async () => anna.ended(await dial(anna, BEN))).toBe('nobody-answered');
  });

  test('cancels by hanging up', async () => {
    using anna = await open(ANNA);
    using ben = await open(BEN);
    const uuid = await dial(anna, BEN);
    const ring = await ben.rung();
    await anna.hangUp(uuid);
    expect(await ben.ended(ring.uuid)).toBe('caller-gave-up');
  });

  test('finds its own number busy', async () => {
    using anna = await open(ANNA);
    expect(await anna.ended(await dial(anna, ANNA))).toBe('busy');
  });

  test('reaches nobody on a number that no phone has had', async () => {
    using anna = await open(ANNA);
    await expect(dial(anna, NOBODY)).rejects.toThrow(`The number +${NOBODY} is not in service.`);
  });
});
