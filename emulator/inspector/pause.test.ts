import { beforeEach, describe, expect, it } from 'vitest';
import type { Summary } from '../traffic/entry.ts';
import { fakeSummary } from './fakes.ts';
import { createPause } from './pause.ts';

let applied: Summary[];
let pause: ReturnType<typeof createPause>;
beforeEach(() => {
  applied = [];
  pause = createPause(
    (summaries) => applied.push(...summaries),
    () => 10,
  );
});

describe('pausing', () => {
  it('holds nothing while not paused', () => {
    pause.take([fakeSummary({ id: 11 })]);
    expect(applied).toHaveLength(1);
    expect(pause.held.value).toBeNull();
  });

  it('counts each request that began meanwhile once, and no older one that was answered', () => {
    pause.toggle();
    pause.take([fakeSummary({ id: 11, revision: 20 }), fakeSummary({ id: 9, revision: 21 })]);
    pause.take([fakeSummary({ id: 11, revision: 22 }), fakeSummary({ id: 12, revision: 23 })]);
    expect(pause.held.value).toBe(2);
    expect(applied).toEqual([]);
  });

  it('ends with the current state', () => {
    pause.toggle();
    pause.take([fakeSummary({ id: 11, revision: 20 }), fakeSummary({ id: 9, revision: 21 })]);
    pause.take([fakeSummary({ id: 11, revision: 22 })]);
    pause.toggle();
    expect(applied.map(({ id, revision }) => [id, revision])).toEqual([
      [11, 22],
      [9, 21],
    ]);
    expect(pause.held.value).toBeNull();
    pause.toggle();
    expect(pause.held.value).toBe(0);
  });

  it('can drop what was held and continue', () => {
    pause.toggle();
    pause.take([fakeSummary({ id: 11 })]);
    pause.drop();
    expect(pause.held.value).toBe(0);
    pause.toggle();
    expect(applied).toEqual([]);
  });

  it('keeps the newest if more arrives than the list can hold', () => {
    pause.toggle();
    for (let id = 11; id <= 5020; id += 1) pause.take([fakeSummary({ id })]);
    pause.toggle();
    expect(applied).toHaveLength(5000);
    expect(applied.at(-1)?.id).toBe(5020);
  });
});
