import { describe, expect, it } from 'vitest';
import { createMediaClock } from './clock.ts';
import { createFakeTime } from './testing.ts';

function setUp() {
  const time = createFakeTime();
  const clock = createMediaClock(time);
  let ticks = 0;
  const undo = clock.onTick(() => {
    ticks += 1;
  });
  return { time, clock, undo, ticks: () => ticks };
}

describe('the media clock', () => {
  it('ticks every 10 ms', () => {
    const { time, ticks } = setUp();
    time.pass(9);
    expect(ticks()).toBe(0);
    time.pass(1);
    expect(ticks()).toBe(1);
    time.pass(990);
    expect(ticks()).toBe(100);
  });

  it('makes up for lost time, several ticks in a row, and keeps its pace', () => {
    const { time, ticks } = setUp();
    time.pass(100);
    time.stall(75);
    expect(ticks()).toBe(17);
    time.pass(25);
    expect(ticks()).toBe(20);
  });

  it('skips what is more than 200 ms behind', () => {
    const { time, ticks } = setUp();
    time.pass(100);
    time.stall(5000);
    expect(ticks()).toBe(11);
    time.pass(100);
    expect(ticks()).toBe(21);
  });

  it('yields to the event loop if its listeners take too long', () => {
    let now = 0;
    const timers: (() => void)[] = [];
    const after = (_ms: number, fn: () => void) => {
      timers.push(fn);
      return () => {};
    };
    let ticks = 0;
    createMediaClock({ now: () => now, after }).onTick(() => {
      ticks += 1;
      now += 12;
    });
    now = 150;
    timers.shift()?.();
    expect(ticks).toBe(1);
    timers.shift()?.();
    expect(ticks).toBe(2);
  });

  it('has one timer for all listeners, and none without listeners', () => {
    const { time, clock, undo } = setUp();
    const undoOther = clock.onTick(() => {});
    expect(time.timers).toBe(1);
    undo();
    time.pass(10);
    expect(time.timers).toBe(1);
    undoOther();
    time.pass(10);
    expect(time.timers).toBe(0);
  });

  it('starts fresh, not late, for a listener after a pause', () => {
    const { time, clock, undo } = setUp();
    undo();
    time.pass(150);
    let ticks = 0;
    clock.onTick(() => {
      ticks += 1;
    });
    time.pass(10);
    expect(ticks).toBe(1);
  });

  it('lets listeners be added and removed within a tick', () => {
    const { time, clock, undo } = setUp();
    const seen: string[] = [];
    const stop = clock.onTick(() => {
      seen.push('first');
      stop();
      undo();
      clock.onTick(() => seen.push('second'));
    });
    time.pass(10);
    expect(time.timers).toBe(1);
    time.pass(20);
    expect(seen.filter((name) => name === 'first')).toHaveLength(1);
    expect(seen.filter((name) => name === 'second').length).toBeGreaterThanOrEqual(2);
  });

  it('calls a function as often as it was added', () => {
    const time = createFakeTime();
    const clock = createMediaClock(time);
    let ticks = 0;
    const count = () => {
      ticks += 1;
    };
    const undo = clock.onTick(count);
    clock.onTick(count);
    undo();
    time.pass(10);
    expect(ticks).toBe(1);
  });

  it('does nothing after close, even for new listeners', () => {
    const { time, clock, ticks } = setUp();
    clock.close();
    clock.onTick(() => expect.unreachable());
    time.pass(100);
    expect(ticks()).toBe(0);
    expect(time.timers).toBe(0);
  });

  it('runs in real time, and does not keep the process alive', async () => {
    const clock = createMediaClock();
    const started = performance.now();
    await new Promise<void>((resolve) => {
      let ticks = 0;
      clock.onTick(() => {
        ticks += 1;
        if (ticks === 5) resolve();
      });
    });
    expect(performance.now() - started).toBeGreaterThanOrEqual(49);
    clock.close();
  });
});
