import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollToShow, slotsOf, windowOf } from './virtual-rows.ts';

describe('the rows of a long list', () => {
  it('are on the page if they are in view, with few others', () => {
    const viewport = fc.record({
      top: fc.double({ min: 0, max: 600_000, noNaN: true }),
      view: fc.integer({ min: 1, max: 3_000 }),
      row: fc.integer({ min: 20, max: 100 }),
    });
    fc.assert(
      fc.property(fc.nat({ max: 20_000 }), viewport, (count, { top, view, row }) => {
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
    ['stay where they are if the row is in view', 10, 600],
    ['bring a row above to the upper edge', 5, 300],
    ['bring a row below to the lower edge', 15, 660],
    ['bring a row that is cut off wholly into view', 14.5, 630],
  ])('%s', (_, index, top) => {
    expect(scrollToShow(index, { top: 600, view: 300, row: 60 })).toBe(top);
  });
});
