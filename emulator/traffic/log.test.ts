import { beforeEach, describe, expect, it } from 'vitest';
import { bodyOf } from './body.ts';
import type { Entry } from './entry.ts';
import type { Change, TrafficLog } from './log.ts';
import { createTrafficLog } from './log.ts';
import { fakeBeginning } from './testing.ts';

let clock: number;
let epochs: number;
const options = {
  stopwatch: () => clock,
  newEpoch: () => {
    epochs += 1;
    return `epoch ${epochs}`;
  },
};

beforeEach(() => {
  clock = 1000;
  epochs = 0;
});

const idsOf = (log: TrafficLog) => [...log.entries()].map(({ id }: Entry) => id);

function add(log: TrafficLog, count: number, text = ''): void {
  for (let index = 0; index < count; index += 1) {
    log.begin(fakeBeginning({ request: { headers: [], body: bodyOf(text) } }));
  }
}

describe('the traffic log', () => {
  it('shows a request when it begins, and again when it is over', () => {
    const log = createTrafficLog(options);
    const changes: [number | null, number][] = [];
    log.onChange((change) => {
      if (change.type === 'entry') changes.push([change.entry.status, change.entry.revision]);
    });
    const { entry, elapsed, end } = log.begin(
      fakeBeginning({ request: { headers: [], body: bodyOf('ab') } }),
    );
    clock += 30;
    expect(elapsed()).toBe(30);
    end({ status: 200, response: { headers: [], body: bodyOf('abc') } });
    expect(entry).toMatchObject({ id: 1, status: 200, took: 30, size: 5 });
    expect(changes).toEqual([
      [null, 1],
      [200, 2],
    ]);
  });

  it('keeps only the first end', () => {
    const log = createTrafficLog(options);
    const { entry, end } = log.begin(fakeBeginning());
    end({ status: 200 });
    end({ error: 'late' });
    expect(entry).toMatchObject({ status: 200, error: null });
  });

  it('keeps the newest entries up to its limit', () => {
    const log = createTrafficLog({ ...options, mostEntries: 3 });
    add(log, 5);
    expect(idsOf(log)).toEqual([5, 4, 3]);
    expect(log.get(2)).toBeUndefined();
  });

  it('keeps the newest bytes up to its limit, and always the last entry', () => {
    const log = createTrafficLog({ ...options, mostBytes: 10_000 });
    add(log, 4, 'x'.repeat(1500));
    expect(idsOf(log)).toEqual([4, 3]);
    add(log, 1, 'x'.repeat(20_000));
    expect(idsOf(log)).toEqual([5]);
    add(log, 1);
    expect(idsOf(log)).toEqual([6]);
  });

  it('makes room for a large answer', () => {
    const log = createTrafficLog({ ...options, mostBytes: 10_000 });
    add(log, 3);
    const { end } = log.begin(fakeBeginning());
    expect(idsOf(log)).toEqual([4, 3, 2, 1]);
    end({ status: 200, response: { headers: [], body: bodyOf('x'.repeat(4200)) } });
    expect(idsOf(log)).toEqual([4, 3]);
  });

  it('returns each changed entry once, in order of its last change', () => {
    const log = createTrafficLog(options);
    const first = log.begin(fakeBeginning());
    log.begin(fakeBeginning());
    const { revision } = log;
    log.begin(fakeBeginning());
    first.end({ status: 200 });
    expect(log.changedAfter(revision).map(({ id }) => id)).toEqual([3, 1]);
    expect(log.changedAfter(log.revision)).toEqual([]);
  });

  it('forgets everything when cleared, even what ends later, and starts a new epoch', () => {
    const log = createTrafficLog(options);
    const { end } = log.begin(fakeBeginning());
    const changes: Change['type'][] = [];
    log.onChange(({ type }) => changes.push(type));
    const before = log.epoch;
    log.clear();
    end({ status: 200 });
    expect(idsOf(log)).toEqual([]);
    expect(changes).toEqual(['cleared']);
    expect(log.epoch).not.toBe(before);
    add(log, 1);
    expect(idsOf(log)).toEqual([2]);
  });

  it('stops notifying removed listeners', () => {
    const log = createTrafficLog(options);
    let told = 0;
    const leave = log.onChange(() => {
      told += 1;
    });
    add(log, 1);
    leave();
    add(log, 1);
    expect(told).toBe(1);
  });
});
