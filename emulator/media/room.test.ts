import { describe, expect, it } from 'vitest';
import { createMediaClock } from './clock.ts';
import { FRAME_SAMPLES, levelDbfs } from './pcm.ts';
import { createRoom } from './room.ts';
import { samplesSource, silence } from './source.ts';
import { createFakePeer, createFakeTime, join, largestStep, sine, toFrames, toneLevel } from './testing.ts';
import { ringback } from './tones.ts';

function setUp() {
  const time = createFakeTime();
  const room = createRoom(createMediaClock(time));

  /** A person in the room, with a voice of one frequency by default. */
  function person(hertz = 440, voice = toFrames(sine(hertz, 5000))) {
    const port = room.join();
    const peer = createFakePeer();
    port.attach(peer);
    return { port, peer, says: () => peer.say(voice.shift() ?? new Int16Array(FRAME_SAMPLES)) };
  }

  /** Lets everyone talk for this many frames. */
  function talk(frames: number, ...people: { says: () => void }[]) {
    for (let i = 0; i < frames; i++) {
      for (const { says } of people) says();
      time.pass(10);
    }
  }

  return { time, room, person, talk };
}

/** What a peer heard in its last 100 ms, once all ramps are over. */
const lately = (peer: { sent: Int16Array[] }) => join(peer.sent.slice(-10));
const everything = (peer: { sent: Int16Array[] }) => join([new Int16Array(FRAME_SAMPLES), ...peer.sent]);
describe('a conversation', () => {
  it('lets each hear the other but not themselves', () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    talk(30, anna, ben);
    expect(toneLevel(lately(anna.peer), 1000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(anna.peer), 440)).toBeLessThan(-60);
    expect(toneLevel(lately(ben.peer), 440)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(ben.peer), 1000)).toBeLessThan(-60);
  });

  it('lets a third hear both', () => {
    const { person, talk } = setUp();
    const [anna, ben, carla] = [person(440), person(1000), person(2000)];
    talk(30, anna, ben, carla);
    expect(toneLevel(lately(carla.peer), 440)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(carla.peer), 1000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(carla.peer), 2000)).toBeLessThan(-60);
  });

  it('sends each peer a frame every 10 ms, with silence if there is no sound', () => {
    const { time, person } = setUp();
    const { peer } = person();
    time.pass(500);
    expect(peer.sent).toHaveLength(50);
    expect(levelDbfs(everything(peer))).toBe(Number.NEGATIVE_INFINITY);
  });

  it('sends each frame in an array that does not change later', () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    talk(10, anna, ben);
    const before = ben.peer.sent.map((frame) => frame.slice());
    talk(10, anna, ben);
    expect(ben.peer.sent.slice(0, 10)).toEqual(before);
  });
});

describe('muted', () => {
  it('is not heard, but hears', () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    anna.port.muted = true;
    talk(30, anna, ben);
    expect(levelDbfs(lately(ben.peer))).toBe(Number.NEGATIVE_INFINITY);
    expect(toneLevel(lately(anna.peer), 1000)).toBeCloseTo(-20, 0);
    anna.port.muted = false;
    talk(30, anna, ben);
    expect(toneLevel(lately(ben.peer), 440)).toBeCloseTo(-20, 0);
  });
});

describe('earmuffed', () => {
  it('hears neither voices nor playback, but is heard', () => {
    const { room, person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    anna.port.earmuffed = true;
    room.play(ringback('uk'));
    anna.port.play(ringback('us'));
    talk(30, anna, ben);
    expect(levelDbfs(lately(anna.peer))).toBe(Number.NEGATIVE_INFINITY);
    expect(toneLevel(lately(ben.peer), 440)).toBeGreaterThan(-21);
    anna.port.earmuffed = false;
    talk(20, anna, ben);
    expect(toneLevel(lately(anna.peer), 1000)).toBeCloseTo(-20, 0);
  });
});

describe('playback', () => {
  it('to the room is heard by all, together with their voices', () => {
    const { room, person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    room.play(samplesSource(sine(2000, 1000)));
    talk(30, anna, ben);
    expect(toneLevel(lately(anna.peer), 2000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(ben.peer), 2000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(ben.peer), 440)).toBeCloseTo(-20, 0);
  });

  it('to a port is heard only there', () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    anna.port.play(samplesSource(sine(2000, 1000)));
    talk(30, anna, ben);
    expect(toneLevel(lately(anna.peer), 2000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(ben.peer), 2000)).toBeLessThan(-60);
  });

  it('ends after its duration, heard or not', async () => {
    const { time, room } = setUp();
    const headless = room.join();
    const own = headless.play(silence(100));
    const toAll = room.play(silence(200));
    const order: string[] = [];
    own.ended.then((how) => order.push(`own ${how}`));
    toAll.ended.then((how) => order.push(`all ${how}`));
    time.pass(100);
    await own.ended;
    expect(order).toEqual(['own finished']);
    time.pass(100);
    await toAll.ended;
    expect(order).toEqual(['own finished', 'all finished']);
  });

  it('is joined midway by a peer that connects late', () => {
    const { time, room, person } = setUp();
    room.play(samplesSource(Int16Array.from([...sine(440, 500), ...sine(1000, 500)])));
    time.pass(600);
    const { peer } = person();
    time.pass(200);
    expect(toneLevel(lately(peer), 1000)).toBeCloseTo(-20, 0);
    expect(toneLevel(lately(peer), 440)).toBeLessThan(-60);
  });
});

describe('transitions', () => {
  // A voice with a constant value: any abrupt start, end or skip is a step of 8000.
  const steady = () => Array.from({ length: 100 }, () => new Int16Array(FRAME_SAMPLES).fill(8000));
  const steadySource = {
    read: (frame: Int16Array) => frame.fill(8000).length > 0,
    left: Number.POSITIVE_INFINITY,
    skip: () => {},
  };
  /** Three of them sound at most, and change within 5 ms. */
  const NO_CLICK = (3 * 8000) / 240 + 2;

  it('never click: start, mute, earmuff, attach, detach, play, stop, leave', () => {
    const { room, person, talk } = setUp();
    const [anna, ben, carla] = [person(0, steady()), person(0, steady()), person(0, [])];
    const changes = [
      () => {},
      () => room.play(steadySource),
      () => carla.port.play(steadySource).stop(),
      () => (anna.port.muted = true),
      () => (anna.port.muted = false),
      () => (carla.port.earmuffed = true),
      () => (carla.port.earmuffed = false),
      () => anna.port.detach(),
      () => anna.port.attach(anna.peer),
      () => anna.port.leave(),
      () => ben.port.leave(),
    ];
    for (const change of changes) {
      const before = everything(carla.peer).length;
      change();
      talk(4, anna, ben);
      const around = everything(carla.peer).subarray(before - 1);
      expect(largestStep(around), String(change)).toBeLessThan(NO_CLICK);
    }
    expect(lately(carla.peer).at(-1)).toBe(8000);
  });

  it('never click when a peer joins during loud sound', () => {
    const { room, person, talk } = setUp();
    room.play(steadySource);
    const anna = person(0, []);
    talk(3, anna);
    const newPeer = createFakePeer();
    anna.port.attach(newPeer);
    talk(3, anna);
    expect(largestStep(everything(newPeer))).toBeLessThan(NO_CLICK);
    expect(newPeer.sent.at(-1)?.at(-1)).toBe(8000);
  });
});

describe('peers', () => {
  it('are replaced by newer ones and released', () => {
    const { person, talk, room } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    talk(20, anna, ben);
    const newPeer = createFakePeer();
    anna.port.attach(newPeer);
    const sentBefore = anna.peer.sent.length;
    talk(20, anna, ben);
    expect(anna.peer.sent).toHaveLength(sentBefore);
    expect(anna.peer.listenedTo).toBe(false);
    expect(anna.peer.state).toBe('connected');
    expect(toneLevel(lately(newPeer), 1000)).toBeCloseTo(-20, 0);
    room.close();
  });

  it('that left are not heard, get nothing, and cannot return', async () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    const playback = anna.port.play(silence(1000));
    talk(20, anna, ben);
    anna.port.leave();
    const sentBefore = anna.peer.sent.length;
    talk(20, anna, ben);
    expect(levelDbfs(lately(ben.peer))).toBe(Number.NEGATIVE_INFINITY);
    await expect(playback.ended).resolves.toBe('stopped');
    anna.port.attach(anna.peer);
    talk(5, anna, ben);
    expect(anna.peer.sent).toHaveLength(sentBefore);
  });

  it('report how much they received', () => {
    const { person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    talk(100, anna);
    expect(anna.port.heardFrames).toBe(0);
    expect(ben.port.heardFrames).toBe(99);
  });
});

describe('the room', () => {
  it('needs no ticks without listeners and playback', () => {
    const { time, room, person } = setUp();
    room.join();
    expect(time.timers).toBe(0);
    room.play(silence(50));
    expect(time.timers).toBe(1);
    time.pass(100);
    expect(time.timers).toBe(0);
    const { port } = person();
    expect(time.timers).toBe(1);
    port.leave();
    time.pass(100);
    expect(time.timers).toBe(0);
  });

  it('uses a single timer for unheard playback, however long', async () => {
    const { time, room } = setUp();
    let told = 0;
    const port = room.join();
    port.onPlayed(() => {
      told += 1;
    });
    const hour = port.play(silence(3_600_000));
    room.play(ringback('uk'));
    expect(time.timers).toBe(1);
    time.pass(3_599_990);
    expect([time.timers, told]).toEqual([1, 0]);
    time.pass(10);
    await expect(hour.ended).resolves.toBe('finished');
    expect([time.timers, told]).toEqual([0, 1]);
  });

  it('can stop unheard playback immediately', async () => {
    const { time, room } = setUp();
    const playback = room.join().play(silence(3_600_000));
    time.pass(1000);
    playback.stop();
    time.pass(10);
    await expect(playback.ended).resolves.toBe('stopped');
    expect(time.timers).toBe(0);
  });

  it('stops and releases everything when it closes', async () => {
    const { time, room, person, talk } = setUp();
    const [anna, ben] = [person(440), person(1000)];
    const playbacks = [room.play(ringback('uk')), anna.port.play(ringback('uk'))];
    talk(10, anna, ben);
    room.close();
    room.close();
    for (const playback of playbacks) await expect(playback.ended).resolves.toBe('stopped');
    expect([anna.peer.listenedTo, ben.peer.listenedTo]).toEqual([false, false]);
    await expect(room.play(ringback('uk')).ended).resolves.toBe('stopped');
    const late = person();
    await expect(late.port.play(ringback('uk')).ended).resolves.toBe('stopped');
    time.pass(100);
    expect(late.peer.sent).toEqual([]);
    expect(time.timers).toBe(0);
  });
});
