import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopOnSignals } from './stop-signals.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function process(parent?: () => number) {
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
  });
  return { signals, exits, stopping, stops: () => stops };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'])('%s stops in good order, and then ends the process', async (signal) => {
    const { signals, exits, stopping, stops } = process();
    signals.emit(signal);
    expect([stops(), exits]).toEqual([1, []]);
    stopping.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(exits).toEqual([0]);
  });

  it('that npm repeats is the same one', () => {
    const { signals, exits, stops } = process();
    signals.emit('SIGINT');
    vi.advanceTimersByTime(50);
    signals.emit('SIGINT');
    expect([stops(), exits]).toEqual([1, []]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s that somebody repeats ends the process at once', (signal, code) => {
    const { signals, exits } = process();
    signals.emit(signal);
    vi.advanceTimersByTime(1000);
    signals.emit(signal);
    expect(exits).toEqual([code]);
  });

  it('of another kind is no repetition by npm', () => {
    const { signals, exits } = process();
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    expect(exits).toEqual([130]);
  });

  it('ends the process within 5 seconds whatever happens', () => {
    const { signals, exits } = process();
    signals.emit('SIGTERM');
    vi.advanceTimersByTime(5000);
    expect(exits).toEqual([0]);
  });

  it('that only npm got, and its shell ended by it, stops once and in good order', async () => {
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

  it('reports that stopping failed', async () => {
    const { signals, exits, stopping } = process();
    signals.emit('SIGTERM');
    stopping.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(0);
    expect(exits).toEqual([1]);
  });
});
