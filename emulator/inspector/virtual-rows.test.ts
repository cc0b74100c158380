import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollToShow, slotsOf, windowOf } from './virtual-rows.ts';

describe('rows of a long list', () => {
  it('are on the page where they are in sight, and few others', () => {
    const sight = fc.record({
      top: fc.double({ min: 0, max: 300_000, noNaN: true }),
      view: fc.integer({ min: 1, max: 3000 }),
      row: fc.integer({ min: 20, max: 100 }),
    });
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), sight, (count, { top, view, row }) => {
        const { first, end } = windowOf(count, { top, view, row });
        expect(end - first).toBeLessThanOrEqual(slotsOf({ view, row }));
        expect(slotsOf({ view, row }) * row).toBeLessThan(view + 20 * row);
        expect(first >= 0 && end <= count && first <= end).toBe(true);
        for (let index = Math.floor(top / row); index * row < top + view && index < count; index += 1) {
          expect(index >= first && index < end).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['stays where it is', 10, 600],
    ['is brought to the upper edge from above', 5, 300],
    ['is brought to the lower edge from below', 15, 660],
  ])('a row that is to be seen %s', (_, index, top) => {
    expect(scrollToShow(index, { top: 600, view: 300, row: 60 })).toBe(top);
  });
});
