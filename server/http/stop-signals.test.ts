import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopOnSignals } from './stop-signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function process(parent?: () => number, delay?: number) {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const stopping = Promise.withResolvers<void>();
  let stops = 0;
  const stop = () => {
    stops += 1;
    return stopping.promise;
  };
  stopOnSignals({
    signals,
    stop,
    exit: (code) => void exits.push(code),
    now: () => performance.now(),
    parent,
    ...(delay !== undefined && { delay }),
  });
  return { signals, exits, stopping, stops: () => stops };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'])('%s shuts down cleanly, then exits', async (signal) => {
    const { signals, exits, stopping, stops } = process();
    signals.emit(signal);
    expect([stops(), exits]).toEqual([1, []]);
    stopping.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(exits).toEqual([0]);
  });

  it('repeated by npm counts once', () => {
    const { signals, exits, stops } = process();
    signals.emit('SIGINT');
    vi.advanceTimersByTime(50);
    signals.emit('SIGINT');
    expect([stops(), exits]).toEqual([1, []]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s repeated by a person exits at once', (signal, code) => {
    const { signals, exits } = process();
    signals.emit(signal);
    vi.advanceTimersByTime(1000);
    signals.emit(signal);
    expect(exits).toEqual([code]);
  });

  it('of another kind does not count as repeated by npm', () => {
    const { signals, exits } = process();
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('exits within 5 seconds in any case', () => {
    const { signals, exits } = process();
    signals.emit('SIGTERM');
    vi.advanceTimersByTime(5000);
    expect(exits).toEqual([0]);
  });

  it('exits later if stopping begins later', () => {
    const { signals, exits } = process(undefined, 10_000);
    signals.emit('SIGTERM');
    vi.advanceTimersByTime(14_000);
    expect(exits).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(exits).toEqual([0]);
  });

  it('that only npm received shuts down once and cleanly', async () => {
    let parent = 7;
    const { signals, exits, stopping, stops } = process(() => parent);
    vi.advanceTimersByTime(2000);
    expect(stops()).toBe(0);
    parent = 1;
    vi.advanceTimersByTime(1000);
    expect([stops(), exits]).toEqual([1, []]);
    stopping.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(exits).toEqual([0]);
    expect(signals.listenerCount('SIGTERM')).toBe(1);
  });

  it('reports a failed shutdown', async () => {
    const { signals, exits, stopping } = process();
    signals.emit('SIGTERM');
    stopping.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(0);
    expect(exits).toEqual([1]);
  });
});
