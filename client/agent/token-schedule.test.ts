import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTokenSchedule, type TokenSchedule } from './token-schedule.ts';

const LIFE = 900;

/** With the jitter that the tests choose. */
const RENEWED_AT = 630;

let schedule: TokenSchedule;
let renewals: number[];
let spent: unknown[];
let renew: () => Promise<number>;
let start: number;

beforeEach(() => {
  vi.useFakeTimers();
  start = Date.now();
  renewals = [];
  spent = [];
  renew = async () => LIFE;
  schedule = createTokenSchedule({
    renew: () => {
      renewals.push((Date.now() - start) / 1_000);
      return renew();
    },
    isFinal: (error) => error instanceof Error && error.message === 'refused',
    onSpent: (error) => spent.push(error),
    random: () => 1,
  });
});

afterEach(() => {
  schedule.stop();
  vi.useRealTimers();
});

/** Lets seconds pass. */
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

it('renews at three quarters of the lifetime, less some jitter', async () => {
  schedule.granted(LIFE);
  await pass(RENEWED_AT - 1);
  expect(renewals).toEqual([]);
  await pass(1);
  expect(renewals).toEqual([RENEWED_AT]);
});

it('keeps renewing', async () => {
  schedule.granted(LIFE);
  await pass(RENEWED_AT * 3);
  expect(renewals).toEqual([1, 2, 3].map((turn) => turn * RENEWED_AT));
  expect(spent).toEqual([]);
});

describe('when renewing fails', () => {
  beforeEach(() => {
    renew = () => Promise.reject(new Error('no answer'));
  });

  it('retries with growing pauses until the token has expired', async () => {
    schedule.granted(LIFE);
    await pass(LIFE);
    const pauses = renewals.slice(1).map((time, index) => time - (renewals[index] ?? 0));
    expect(pauses.slice(0, 6)).toEqual([2, 4, 8, 16, 30, 30]);
    expect(Math.max(...renewals)).toBeLessThan(LIFE);
    expect(spent).toEqual([new Error('no answer')]);
  });

  it('does nothing after it gave up', async () => {
    schedule.granted(LIFE);
    await pass(LIFE);
    const tries = renewals.length;
    await pass(LIFE * 2);
    expect(renewals).toHaveLength(tries);
    expect(spent).toHaveLength(1);
  });

  it('recovers if a later attempt succeeds', async () => {
    schedule.granted(LIFE);
    await pass(RENEWED_AT);
    renew = async () => LIFE;
    await pass(2);
    expect(renewals).toHaveLength(2);
    await pass(LIFE);
    expect(spent).toEqual([]);
  });

  it('gives up immediately if retrying is pointless', async () => {
    renew = () => Promise.reject(new Error('refused'));
    schedule.granted(LIFE);
    await pass(LIFE);
    expect(renewals).toHaveLength(1);
    expect(spent).toEqual([new Error('refused')]);
  });
});

it('does nothing after it is stopped, even with a response pending', async () => {
  const answer = Promise.withResolvers<number>();
  renew = () => answer.promise;
  schedule.granted(LIFE);
  await pass(RENEWED_AT);
  schedule.stop();
  answer.resolve(LIFE);
  await pass(LIFE * 5);
  expect(renewals).toHaveLength(1);
});
