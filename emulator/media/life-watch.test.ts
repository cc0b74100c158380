import { describe, expect, it } from 'vitest';
import { createLifeWatch } from './life-watch.ts';
import { FRAME_SAMPLES } from './pcm.ts';
import { sine } from './testing.ts';

const zeros = new Int16Array(FRAME_SAMPLES);

function setUp() {
  const watch = createLifeWatch();
  const stats = {
    transport: { type: 'transport', packetsReceived: 10, packetsSent: 0 },
    pair: { type: 'candidate-pair', requestsReceived: 3, responsesReceived: 2, requestsSent: 0 },
    otherPair: { type: 'candidate-pair' },
    codec: { type: 'codec', packetsReceived: 0 },
  };
  let reads = 0;

  /** A second of the same frames, and its check. */
  async function second(frame: Int16Array) {
    for (let i = 0; i < 100; i++) watch.hear(frame);
    stats.transport.packetsSent += 50;
    stats.pair.requestsSent += 1;
    stats.codec.packetsReceived += 1;
    await watch.check(async () => {
      reads += 1;
      return Object.values(stats);
    });
    return watch.gone;
  }

  return { second, stats, reads: () => reads };
}

describe('the remote side', () => {
  it('is alive while it is heard, without reading statistics', async () => {
    const { second, reads } = setUp();
    for (let i = 0; i < 10; i++) expect(await second(sine(440, 10))).toBe(false);
    expect(reads()).toBe(0);
  });

  it.each(['packets', 'pings', 'replies'])('is alive when muted while its %s arrive', async (kind) => {
    const { second, stats } = setUp();
    for (let i = 0; i < 10; i++) {
      if (kind === 'packets') stats.transport.packetsReceived += 50;
      // One in 3 s: slower than they come.
      if (kind === 'pings' && i % 3 === 0) stats.pair.requestsReceived += 1;
      if (kind === 'replies' && i % 3 === 0) stats.pair.responsesReceived += 1;
      expect(await second(zeros)).toBe(false);
    }
  });

  it('is gone if nothing arrives for 3 s, whatever is sent', async () => {
    const { second } = setUp();
    await second(sine(440, 10));
    const gone = [await second(zeros), await second(zeros), await second(zeros), await second(zeros)];
    expect(gone).toEqual([false, false, false, true]);
  });

  it('is alive again with its packets or its voice', async () => {
    const { second, stats } = setUp();
    for (let i = 0; i < 5; i++) await second(zeros);
    stats.transport.packetsReceived += 1;
    expect(await second(zeros)).toBe(false);
    for (let i = 0; i < 5; i++) await second(zeros);
    expect(await second(sine(440, 10))).toBe(false);
  });
});
