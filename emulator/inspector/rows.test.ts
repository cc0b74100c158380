import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeSummary } from './fakes.ts';
import { createRows } from './rows.ts';

const ids = (rows: ReturnType<typeof createRows>) => rows.all.value.map(({ id }) => id);

describe('the rows', () => {
  it('are newest first, with the newest revision of each, whatever the order of arrival', () => {
    const change = fc.record({
      id: fc.integer({ min: 1, max: 20 }),
      revision: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const rows = createRows();
        const newest = new Map<number, number>();
        for (const { id, revision } of changes) {
          rows.put([fakeSummary({ id, revision })]);
          newest.set(id, Math.max(revision, newest.get(id) ?? 0));
        }
        expect(rows.all.value.map(({ id, revision }) => [id, revision])).toEqual(
          [...newest].sort(([one], [other]) => other - one),
        );
      }),
    );
  });

  it('stay identical if nothing has changed', () => {
    const rows = createRows();
    rows.put([fakeSummary({ id: 1, revision: 2 })]);
    const before = rows.all.value;
    rows.put([fakeSummary({ id: 1, revision: 2, what: 'late' }), fakeSummary({ id: 1, revision: 1 })]);
    expect(rows.all.value).toBe(before);
  });

  it('keep only the newest up to the limit', () => {
    const rows = createRows(3);
    rows.put([1, 5, 2, 4, 3].map((id) => fakeSummary({ id })));
    expect(ids(rows)).toEqual([5, 4, 3]);
    expect(rows.byId(2)).toBeUndefined();
    rows.put([fakeSummary({ id: 6 })]);
    expect(ids(rows)).toEqual([6, 5, 4]);
  });

  it('can be cleared', () => {
    const rows = createRows();
    rows.put([fakeSummary({ id: 1 })]);
    rows.clear();
    expect(ids(rows)).toEqual([]);
    expect(rows.byId(1)).toBeUndefined();
  });
});
