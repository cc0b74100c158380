import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollToShow, slotsOf, windowOf } from './virtual-rows.ts';

const heights = fc.record({
  top: fc.double({ min: 0, max: 600_000, noNaN: true }),
  view: fc.integer({ min: 1, max: 3_000 }),
  row: fc.integer({ min: 20, max: 100 }),
});

describe('the rows that are there', () => {
  it('are all that can be seen, and not many more', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20_000 }), heights, (count, { top, view, row }) => {
        const { first, end } = windowOf(count, { top, view, row });
        expect(end - first).toBeLessThanOrEqual(slotsOf({ view, row }));
        for (let index = Math.floor(top / row); index * row < top + view && index < count; index += 1) {
          expect(index >= first && index < end).toBe(true);
        }
        expect(first >= 0 && end <= count).toBe(true);
      }),
    );
  });
});

describe('a row is shown', () => {
  const view = { top: 600, view: 300, row: 60 };

  it.each([
    ['without scrolling where it is in sight', 10, 600],
    ['at the upper edge where it is above', 5, 300],
    ['at the lower edge where it is below', 15, 660],
    ['wholly where its end is cut off', 14.5, 630],
  ])('%s', (_, index, top) => {
    expect(scrollToShow(index, view)).toBe(top);
  });
});
