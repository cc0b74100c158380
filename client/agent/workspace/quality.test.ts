import { describe, expect, it } from 'vitest';
import { type CallCounts, countsIn, qualityBetween } from './quality.ts';

const counts = (change: Partial<CallCounts> = {}): CallCounts => ({
  received: 1_000,
  lost: 10,
  jitter: 0.005,
  lostThere: 0,
  roundTrip: 0.08,
  ...change,
});

describe('the quality of a call', () => {
  const next = (change: Partial<CallCounts>) =>
    qualityBetween(counts(), counts({ received: 1_200, ...change }));

  it.each<[string, Partial<CallCounts>, ReturnType<typeof next>]>([
    ['good where nothing is lost', {}, { level: 'good', because: null }],
    ['fair where some words are missed', { lost: 16 }, { level: 'fair', because: 'loss in' }],
    ['poor where many are', { lost: 60 }, { level: 'poor', because: 'loss in' }],
    ['poor where the caller misses many', { lostThere: 0.1 }, { level: 'poor', because: 'loss out' }],
    ['fair with a long delay', { roundTrip: 0.4 }, { level: 'fair', because: 'delay' }],
    ['poor by what is worst', { roundTrip: 0.4, jitter: 0.2 }, { level: 'poor', because: 'jitter' }],
    [
      'good where the other side says nothing',
      { lostThere: null, roundTrip: null },
      { level: 'good', because: null },
    ],
    [
      'good where no packet came at all: lost audio is told otherwise',
      { received: 1_000 },
      { level: 'good', because: null },
    ],
  ])('is %s', (_what, change, quality) => {
    expect(next(change)).toEqual(quality);
  });
});

describe('the counts of a connection', () => {
  it('are those of the audio, here and at the other end', () => {
    const reports = [
      { type: 'codec' },
      { type: 'inbound-rtp', kind: 'audio', packetsReceived: 90, packetsLost: 3, jitter: 0.01 },
      { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.02, roundTripTime: 0.1 },
    ];
    expect(countsIn(reports)).toEqual({
      received: 90,
      lost: 3,
      jitter: 0.01,
      lostThere: 0.02,
      roundTrip: 0.1,
    });
  });

  it('are null until audio arrives', () => {
    expect(countsIn([{ type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0 }])).toBeNull();
  });
});
