import { describe, expect, it } from 'vitest';
import { growthsOf, processorPerCall, type Sample } from './samples.ts';

const END = 600;

/** A run of ten minutes with one server, looked at each five seconds. */
function run(memory: (at: number) => { resident: number; heap: number } | null): Sample[] {
  return Array.from({ length: END / 5 + 1 }, (_, index) => {
    const at = index * 5;
    const used = memory(at);
    return {
      at,
      isCollected: index % 6 === 0,
      servers: [used && { ...used, delay: 10, processor: at / 10, outbox: 0 }],
      calls: { begun: at, live: 0, talked: 0, gaveUp: 0 },
    };
  });
}

const tooMuch = (samples: Sample[]) => growthsOf(samples, END).filter(({ by, most }) => by > most);

describe('memory', () => {
  it('is flat if it only goes up and down', () => {
    const samples = run((at) => ({ resident: 150 + (at % 30), heap: 40 + (at % 30) }));
    expect(growthsOf(samples, END)).toHaveLength(2);
    expect(tooMuch(samples)).toEqual([]);
  });

  it('may grow as long as the server warms up', () => {
    const samples = run((at) => ({ resident: 100 + Math.min(at, 400), heap: 40 + Math.min(at, 300) / 4 }));
    expect(tooMuch(samples)).toEqual([]);
  });

  it('grows if a leak goes on through the second half', () => {
    const samples = run((at) => ({ resident: 100 + at / 8, heap: 40 + at / 15 + (at % 30) }));
    expect(tooMuch(samples)).toEqual([
      {
        server: 0,
        what: 'resident',
        from: expect.closeTo(150, 1),
        by: expect.closeTo(25, 1),
        most: 16,
      },
      { server: 0, what: 'heap', from: expect.closeTo(60, 0), by: expect.closeTo(20, 0), most: 16 },
    ]);
  });

  it('is not judged of a server that was down in the second half', () => {
    expect(
      growthsOf(
        run((at) => (at === 400 ? null : { resident: at, heap: at })),
        END,
      ),
    ).toEqual([]);
  });

  it('is not judged in a run of less than ten minutes', () => {
    const samples = run((at) => ({ resident: 150 + at, heap: 40 + at })).filter(({ at }) => at <= 590);
    expect(growthsOf(samples, 590)).toEqual([]);
  });
});

it('says what a call costs in processor time', () => {
  const samples = run(() => ({ resident: 150, heap: 40 }));
  expect(processorPerCall(samples, END)).toBeCloseTo(100);
});
