import { describe, expect, it } from 'vitest';
import { createVirtualWorld } from '../world.ts';
import type { Fault } from './fault.ts';
import { createFaults } from './faults.ts';

function create(...faults: Fault[]) {
  return createFaults(createVirtualWorld({ seed: 1, start: 0 }), faults);
}
const often = (faults: ReturnType<typeof create>, count: number) =>
  Array.from({ length: count }, () => faults.strike('drop') !== undefined);

describe('faults', () => {
  it('strike always, every n-th time, or so often at most', () => {
    expect(often(create({ fault: 'drop' }), 3)).toEqual([true, true, true]);
    expect(often(create({ fault: 'drop', every: 3 }), 6)).toEqual([false, false, true, false, false, true]);
    expect(often(create({ fault: 'drop', times: 2 }), 4)).toEqual([true, true, false, false]);
  });

  it('strike by chance, the same for the same seed', () => {
    const struck = often(create({ fault: 'drop', chance: 0.25 }), 1000);
    expect(struck).toEqual(often(create({ fault: 'drop', chance: 0.25 }), 1000));
    const share = struck.filter(Boolean).length / 1000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
    expect(often(create({ fault: 'drop', chance: 0 }), 5)).not.toContain(true);
  });

  it('strike only where they are meant, and count only that', () => {
    const faults = create({ fault: 'drop', every: 2, webhook: 'completed' });
    const meets = (kind: string) => faults.strike('drop', ({ webhook }) => webhook === kind) !== undefined;
    expect(['answered', 'completed', 'answered', 'completed'].map(meets)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(faults.struck()).toEqual([1]);
    expect(faults.strike('duplicate')).toBeUndefined();
  });

  it('can be replaced at any time', () => {
    const faults = create({ fault: 'drop' });
    faults.set([]);
    expect(often(faults, 2)).toEqual([false, false]);
    faults.set([{ fault: 'slow', ms: 10 }]);
    expect(faults.strike('slow')).toEqual({ fault: 'slow', ms: 10 });
  });
});
