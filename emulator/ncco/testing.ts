import { Exchange } from '../calls/exchange.ts';
import { type CountedCalls, createRateLimits, NO_LIMITS } from '../calls/rate-limit.ts';
import type { AudioEncoder } from '../media/audio-encoder.ts';
import { createMediaClock } from '../media/clock.ts';
import { FRAME_SAMPLES } from '../media/pcm.ts';
import type { LoadedStream } from '../media/stream-loader.ts';
import { createFakePeer, createFakeTime, join, sine, toFrames } from '../media/testing.ts';
import { writeWav } from '../media/wav.ts';
import type { Application, Directory } from '../provisioning/account.ts';
import { createRecordedFiles } from '../recordings/files.ts';
import type { Payload, WebhookOutcome } from '../webhooks/webhook.ts';
import type { World } from '../world.ts';
import { readNcco } from './ncco.ts';
import { createPrograms } from './program.ts';

export const START = Date.parse('2026-11-22T12:00:00.000Z');
export const NUMBER = '442038297050';
/** Frequency of all spoken texts, which last a second. */
export const SPEECH_HERTZ = 2000;

/**
 * A platform in memory for tests of the NCCO engine: its time passes when the test says so, its webhooks go nowhere.
 * @param counted which calls count against three a second; without it an application may make as many as it likes.
 */
export function createTestCalls({ counted }: { counted?: CountedCalls } = {}) {
  const time = createFakeTime();
  let ids = 0;
  const id = () => {
    ids += 1;
    return String(ids).padStart(12, '0');
  };
  const world: World = {
    now: () => START + time.now(),
    after: (ms, fn) => time.after(ms, fn),
    random: () => 0,
    chanceOf: () => 0,
    isVirtual: false,
    uuid: () => `00000000-0000-4000-8000-${id()}`,
    hex: () => id().padStart(32, '0'),
    trackPending: (work) => work,
    hold: () => () => {},
    close() {},
  };
  const application: Application = {
    id: 'app',
    apiKey: 'key',
    name: 'Test',
    publicKey: '',
    webhooks: { event: { address: 'http://app/event', method: 'POST' } },
  };
  const directory: Directory = {
    application: () => application,
    applicationOf: (number) => (number === NUMBER ? application : undefined),
    numbersOf: () => [NUMBER],
    users: () => ({
      list: () => [],
      byId: () => undefined,
      byName: () => undefined,
      add: () => undefined,
      change: () => false,
      remove: () => false,
    }),
    signer: () => ({ apiKey: 'key', applicationId: 'app', signatureSecret: 'secret' }),
  };
  const sent: { address: string; payload: Payload }[] = [];
  const log: string[] = [];
  const streams = new Map<string, Int16Array>();
  const files = createRecordedFiles();
  let isEncoderBroken = false;
  const encoder: AudioEncoder = {
    // Whatever is asked for: the tests listen to it.
    async encode({ parts, sampleRate, channelCount }, format) {
      if (isEncoderBroken && format !== 'wav') throw new Error('is broken');
      return writeWav(parts, sampleRate, channelCount);
    },
    async close() {},
  };
  const calls = {
    /** What the application replies to an event; nothing at first. */
    reply: (_payload: Payload): unknown => '',
  };
  const exchange = new Exchange({
    world,
    directory,
    clock: createMediaClock(time),
    log: (line) => log.push(line),
    speaker: {
      speak: async () => sine(SPEECH_HERTZ, 1000),
      warm() {},
      async close() {},
    },
    webhooks: {
      async send({ address }, payload): Promise<WebhookOutcome> {
        sent.push({ address, payload });
        const body = calls.reply(payload);
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return { ok: true, status: 200, contentType: 'application/json', body: text };
      },
      async close() {},
    },
  });
  const programs = createPrograms({
    exchange,
    pages: { ring() {}, audioSwitched() {} },
    streams: {
      async load(address): Promise<LoadedStream> {
        const samples = streams.get(address);
        return samples ? { ok: true, samples } : { ok: false, reason: 'answered 404' };
      },
      async close() {},
    },
    files,
    encoder,
    limits: counted ? createRateLimits(world, counted) : NO_LIMITS,
    sayOnce: (line) => log.push(line),
    url: 'http://platform',
  });

  /** Places a call, with a voice of one frequency (silent if absent), and runs an NCCO. */
  function call(ncco: unknown, hertz?: number) {
    const peer = createFakePeer();
    const dialled = exchange.dial({ from: '447700900000', to: NUMBER, peer });
    if (!dialled.ok) throw new Error(dialled.message);
    const { leg } = dialled;
    run(leg.uuid, ncco);
    const voice = hertz === undefined ? undefined : toFrames(sine(hertz, 100));
    let spoken = 0;
    const silent = new Int16Array(FRAME_SAMPLES);
    const caller = {
      leg,
      peer,
      /** Whether the voice sounds now. */
      talks: true,
      /** Says this once, instead of the voice. */
      says: [] as Int16Array[],
      speak() {
        const frame = caller.talks ? voice?.[spoken++ % voice.length] : undefined;
        if (!leg.end) peer.say(caller.says.shift() ?? frame ?? silent);
      },
      /** What was heard in the last given milliseconds. */
      heard: (ms = 100) => join(peer.sent.slice(-ms / 10)),
    };
    callers.push(caller);
    return caller;
  }
  const callers: { speak(): void }[] = [];

  /** Replaces a leg's NCCO. */
  function run(uuid: string, ncco: unknown): void {
    const leg = exchange.leg(uuid);
    const read = readNcco(ncco);
    if (!leg || !read.ok) throw new Error(read.ok ? `no leg ${uuid}` : read.reason);
    programs.of(leg).run(read.actions);
  }

  /** Lets time pass in steps of 10 ms, in which everybody who has a voice speaks. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      await settled();
      for (const caller of callers) caller.speak();
      time.pass(10);
    }
    await settled();
  }

  /** Lets time pass in one step, in silence. */
  async function skip(ms: number): Promise<void> {
    await settled();
    time.pass(ms);
    await settled();
  }

  return {
    call,
    run,
    pass,
    skip,
    exchange,
    programs,
    files,
    streams,
    log,
    breakEncoder() {
      isEncoderBroken = true;
    },
    /** All that was sent to the application so far. */
    sent,
    /** The events without a status: those of actions. */
    events: () => sent.map(({ payload }) => payload).filter(({ status }) => status === undefined),
    onEvent(reply: (payload: Payload) => unknown) {
      calls.reply = reply;
    },
  };
}

/** Resolves when every promise that was settled has had its consequences. */
function settled(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}
