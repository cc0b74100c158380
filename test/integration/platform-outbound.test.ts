import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PhoneRule } from '../../emulator/headless/phone.ts';
import type { Ncco } from './support/application.ts';
import { STAY, serveTone, VoiceScene } from './support/voice-scene.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
let scene: VoiceScene;
/** An unassigned number, a new one in each test. */
let nobody: string;
let numbers = 447700900900;

/** One platform for all tests, on a virtual clock: nothing here waits. */
beforeAll(async () => {
  scene = await VoiceScene.start(STAY, { virtual: { seed: 1, start: START } });
});
afterAll(() => scene[Symbol.asyncDispose]());

beforeEach(() => {
  numbers += 1;
  nobody = String(numbers);
  const { application, log } = scene;
  for (const heard of [application.events, application.questions, log]) heard.length = 0;
  application.answer = () => ({ body: STAY });
  application.acknowledge = () => ({});
});

/** Calls a number from the application, and waits for the end of the call. */
async function callsTo(number: string, more: object = {}): Promise<Record<string, unknown>[]> {
  const uuid = await scene.call({ type: 'phone', number }, { ncco: [], ...more });
  await scene.platform.settled();
  await expect.poll(() => scene.statuses(uuid).at(-1)).toMatch(/completed|rejected/);
  return scene.events(uuid);
}

describe('a call to a phone', () => {
  test.each<[string, PhoneRule, string[], object]>([
    ['answers', { does: 'answer', after: 5 }, ['started', 'ringing', 'answered', 'completed'], {}],
    [
      'rejects',
      { does: 'reject', after: 2 },
      ['started', 'ringing', 'rejected'],
      { detail: 'declined', sip_code: 603 },
    ],
    ['is busy', { does: 'busy' }, ['started', 'busy', 'completed'], { sip_code: 486 }],
    ['rings on', { does: 'ring' }, ['started', 'ringing', 'timeout', 'completed'], { sip_code: 480 }],
  ])('that %s', async (_what, rule, statuses, detail) => {
    const events = await callsTo(scene.phone(rule), { ringing_timer: 20 });
    expect(events.map((event) => event.status)).toEqual(statuses);
    expect(events[2 - Number(rule.does === 'busy')]).toMatchObject(detail);
  });

  test('that rings until its time-out', async () => {
    const events = await callsTo(scene.phone({ does: 'ring' }), { ringing_timer: 20 });
    const at = (index: number) => Date.parse(String(events[index]?.timestamp));
    expect(at(2) - at(0)).toBe(20_000);
  });

  test('to an unassigned number', async () => {
    const events = await callsTo(nobody);
    expect(events.map((event) => event.status)).toEqual(['started', 'failed', 'completed']);
    expect(events[1]).toMatchObject({ detail: 'number_out_of_service', sip_code: 404 });
  });

  test('to a phone that is switched off', async () => {
    scene.platform.phone(nobody).close();
    const events = await callsTo(nobody);
    expect(events.map((event) => event.status)).toEqual(['started', 'unanswered', 'completed']);
    expect(events[1]).toMatchObject({ detail: 'unavailable', sip_code: 480 });
  });

  test('to two phones: the first to answer gets it, and the other is free again', async () => {
    const slow = scene.platform.phone(nobody, { does: 'answer', after: 9 });
    const quick = scene.platform.phone(nobody, { does: 'answer', after: 3, hangUpAfter: 30 });
    await callsTo(nobody, { ncco: STAY });
    expect([slow.call, quick.call]).toEqual([undefined, undefined]);
    const [started, , answered] = scene.events(nobody);
    expect(answered?.status).toBe('answered');
    const rang = Date.parse(String(answered?.timestamp)) - Date.parse(String(started?.timestamp));
    expect(rang).toBe(3000);
  });

  test('to two phones is rejected when both reject it', async () => {
    scene.platform.phone(nobody, { does: 'reject', after: 1 });
    scene.platform.phone(nobody, { does: 'reject', after: 6 });
    const events = await callsTo(nobody);
    const [started, , rejected] = events.map((event) => Date.parse(String(event.timestamp)));
    expect(Number(rejected) - Number(started)).toBe(6000);
  });

  test('ends at its maximum duration', async () => {
    const events = await callsTo(scene.phone(), { ncco: STAY, length_timer: 100 });
    expect(events.at(-1)).toMatchObject({ status: 'completed', duration: '100' });
  });

  test('sends its events to the URL set in the call', async () => {
    const elsewhere = scene.application.eventUrl.replace('/event', '/elsewhere');
    const addresses = new Set<string>();
    const stop = scene.platform.onWebhook(({ target }) => addresses.add(target.address));
    await callsTo(scene.phone(), { event_url: [elsewhere] });
    stop();
    expect([...addresses]).toEqual([elsewhere]);
  });

  test('requests its answer URL by POST if set', async () => {
    scene.application.answer = () => ({ body: [] });
    const { answerUrl } = scene.application;
    const number = scene.phone();
    await callsTo(number, { ncco: undefined, answer_url: [answerUrl], answer_method: 'POST' });
    expect(scene.application.requests.filter(({ path }) => path === '/answer').at(-1)?.method).toBe('POST');
    expect(Object.fromEntries(scene.application.questions.at(-1) ?? [])).toMatchObject({ to: number });
  });

  test('that is transferred to a URL without an NCCO continues, and the error is reported', async () => {
    scene.application.answer = () => ({ type: 'text/html', body: '<!doctype html>' });
    const { platform, application } = scene;
    const stop = platform.onWebhook(({ payload: { status, to, uuid } }) => {
      if (status === 'answered' && to === nobody)
        void platform.world.trackPending(
          scene.voice.transferCallWithURL(String(uuid), application.answerUrl),
        );
    });
    platform.phone(nobody, { does: 'answer' });
    const events = await callsTo(nobody, { ncco: [{ action: 'wait', timeout: 30 }] });
    stop();
    expect(events.at(-1)).toMatchObject({ status: 'completed', duration: '30' });
    expect(application.events).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('must be application/json, not text/html') }),
    );
  });

  test('requests the fallback URL when the answer URL fails', async () => {
    scene.application.answer = () => ({ status: 500 });
    const { answerUrl } = scene.application;
    const events = await callsTo(scene.phone(), { ncco: undefined, answer_url: [answerUrl] });
    expect(events.at(-1)).toMatchObject({ status: 'completed' });
    expect(scene.log.join()).toContain('answered 500');
  });
});

describe('machine detection', () => {
  const detect = async (rule: PhoneRule, more: object) => {
    const events = await callsTo(scene.phone(rule), { ncco: [{ action: 'wait', timeout: 9 }], ...more });
    return events.map((event) => [event.status, event.sub_state].filter(Boolean).join(' '));
  };
  const human: PhoneRule = { does: 'answer' };
  const machine: PhoneRule = { does: 'answer', machine: true };
  const begun = ['started', 'ringing', 'answered'];

  test.each<[string, PhoneRule, object, string[]]>([
    ['a person', human, { machine_detection: 'hangup' }, ['human', 'completed']],
    ['a machine, and goes on', machine, { machine_detection: 'continue' }, ['machine', 'completed']],
    ['a machine, and hangs up', machine, { machine_detection: 'hangup' }, ['machine', 'completed']],
    [
      'a machine and its beep',
      machine,
      { advanced_machine_detection: { behavior: 'continue', mode: 'detect_beep' } },
      ['machine', 'machine beep_start', 'completed'],
    ],
    [
      'a machine, and heeds no beep',
      machine,
      { advanced_machine_detection: { behavior: 'continue', mode: 'detect' } },
      ['machine', 'completed'],
    ],
    ['nobody where it is not asked for', machine, {}, ['completed']],
  ])('finds %s', async (_what, rule, more, statuses) => {
    expect(await detect(rule, more)).toEqual([...begun, ...statuses]);
  });

  test('names the leg by call_uuid', async () => {
    const events = await callsTo(scene.phone(), {
      ncco: STAY,
      machine_detection: 'continue',
      length_timer: 9,
    });
    const event = events.find(({ status }) => status === 'human');
    expect(event).toMatchObject({ call_uuid: events[0]?.uuid });
    expect(event).not.toHaveProperty('uuid');
  });
});

describe('connect', () => {
  const phone = (more: object = {}) => ({
    action: 'connect',
    from: '442038297050',
    endpoint: [{ type: 'phone', number: nobody }],
    ...more,
  });
  const said = { action: 'notify', payload: { said: 'next' }, eventUrl: ['http://127.0.0.1:1/x'] };

  /** Dials the application, and waits for the end of the call. */
  async function dial(ncco: Ncco): Promise<Record<string, unknown>[]> {
    scene.application.answer = () => ({ body: ncco });
    const caller = scene.platform.call();
    await caller.over;
    await scene.platform.settled();
    return scene.events(caller.leg.uuid);
  }

  test('rings a phone and joins it with the caller', async () => {
    scene.platform.phone(nobody, { does: 'answer', after: 4, hangUpAfter: 10 });
    const events = await dial([phone()]);
    expect(scene.statuses(nobody)).toEqual(['started', 'ringing', 'answered', 'completed']);
    expect(events.map((event) => event.status)).toEqual(['ringing', 'started', 'answered', 'completed']);
    expect(events.at(-1)).toMatchObject({ duration: '10' });
  });

  test('ends at its limit', async () => {
    scene.platform.phone(nobody);
    const events = await dial([phone({ limit: 33 })]);
    expect(events.at(-1)).toMatchObject({ duration: '33' });
  });

  test.each<[string, PhoneRule | undefined, string]>([
    ['timeout', { does: 'ring' }, 'timeout'],
    ['busy', { does: 'busy' }, 'busy'],
    ['rejected', { does: 'reject' }, 'rejected'],
    ['failed', undefined, 'failed'],
  ])('that is synchronous continues with the application’s reply to "%s"', async (_what, rule, status) => {
    if (rule) scene.platform.phone(nobody, rule);
    const voicemail = [{ action: 'talk', text: 'Nobody is here.' }];
    scene.application.acknowledge = (event) => (event.status === status ? { body: voicemail } : {});
    const events = await dial([phone({ eventType: 'synchronous' }), said]);
    expect(events.map((event) => event.status)).toContain('answered');
    expect(scene.log.join()).not.toContain('127.0.0.1:1');
  });

  test('that is synchronous continues with its NCCO if the application replies without one', async () => {
    const talk = { action: 'talk', text: 'Still here.' };
    const events = await dial([phone({ eventType: 'synchronous' }), talk]);
    expect(events.map((event) => event.status)).toContain('answered');
  });

  test('ignores the reply if it is not synchronous', async () => {
    scene.application.acknowledge = () => ({ body: [{ action: 'talk', text: 'No.' }] });
    const events = await dial([phone()]);
    expect(events.map((event) => event.status)).not.toContain('answered');
  });

  test('plays the configured ringback tone', async () => {
    await using tone = await serveTone();
    scene.platform.phone(nobody, { does: 'answer', after: 5, hangUpAfter: 1 });
    await dial([phone({ ringbackTone: tone.url })]);
    expect(tone.asked()).toBe(1);
  });

  test('reports an invalid ringback tone, and rings anyway', async () => {
    scene.platform.phone(nobody, { does: 'answer', after: 5, hangUpAfter: 1 });
    await dial([phone({ ringbackTone: scene.application.answerUrl })]);
    expect(scene.log.join()).toContain('Ringback tone');
    expect(scene.statuses(nobody)).toContain('answered');
  });

  test('can show a random number of the application', async () => {
    await dial([phone({ from: undefined, randomFromNumber: true })]);
    expect(scene.events(nobody)[0]).toMatchObject({ from: '442038297050' });
  });

  test('plays an NCCO to the person who answers before the two are joined', async () => {
    scene.platform.phone(nobody, { does: 'answer', hangUpAfter: 60 });
    const whisper = `${scene.application.answerUrl}?whisper`;
    const connect = phone({
      endpoint: [{ type: 'phone', number: nobody, dtmfAnswer: '1p2', onAnswer: { url: whisper } }],
    });
    scene.application.answer = (asked) =>
      asked === 1 ? { body: [connect] } : { body: [{ action: 'wait', timeout: 5 }] };
    const caller = scene.platform.call();
    await caller.over;
    await scene.platform.settled();
    expect(scene.application.questions).toHaveLength(2);
    const answeredAt = (leg: string) =>
      Date.parse(String(scene.events(leg).find(({ status }) => status === 'answered')?.timestamp));
    const wait = answeredAt(caller.leg.uuid) - answeredAt(nobody);
    expect(wait).toBeGreaterThanOrEqual(5000);
    expect(wait).toBeLessThan(8000);
  });

  test.each([
    { type: 'sip', uri: 'sip:alice@example.com' },
    { type: 'vbc', extension: '101' },
  ])('to $type is rejected', async (endpoint) => {
    await dial([phone({ endpoint: [endpoint] })]);
    const [to] = Object.values(endpoint).slice(1);
    expect(scene.statuses(String(to))).toEqual(['started', 'failed', 'completed']);
    expect(scene.log.join()).toContain(endpoint.type);
  });

  test('is cancelled when the caller hangs up', async () => {
    scene.platform.phone(nobody, { does: 'answer', after: 30 });
    scene.application.answer = () => ({ body: [{ action: 'talk', text: 'Hi' }, phone()] });
    const caller = scene.platform.call();
    const stop = scene.platform.onWebhook(({ payload }) => {
      if (payload.to === nobody && payload.status === 'ringing') caller.hangUp();
    });
    await caller.over;
    stop();
    await scene.platform.settled();
    expect(scene.statuses(nobody)).toEqual(['started', 'ringing', 'cancelled', 'completed']);
  });
});
