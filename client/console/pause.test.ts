import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { message, summary } from './fake-messages.ts';
import { createPause, MOST_HELD, type Pause } from './pause.ts';

let pause: Pause;
let applied: number[];
const reload = vi.fn();

beforeEach(() => {
  applied = [];
  reload.mockClear();
  pause = createPause({
    apply: (messages) => applied.push(...messages.map(({ entry }) => entry.id)),
    reload,
  });
});

const take = (...messages: FeedMessage[]) => pause.take(messages);

it('passes everything through while not paused', () => {
  take(message(summary(1)));
  expect(applied).toEqual([1]);
  pause.miss();
  expect(reload).toHaveBeenCalledOnce();
});

describe('while it is paused', () => {
  beforeEach(() => pause.toggle());

  it('holds everything back and counts it', () => {
    expect(pause.held.value).toEqual({ events: 0, calls: 0 });
    take(message(summary(1)), message(summary(2)));
    take(message(summary(1, { lastEntryId: 3 })));
    expect(pause.held.value).toEqual({ events: 3, calls: 2 });
    expect(applied).toEqual([]);
  });

  it('catches up in order when resumed', () => {
    take(message(summary(1)), message(summary(2)));
    take(message(summary(3)));
    pause.toggle();
    expect([applied, pause.held.value]).toEqual([[1, 2, 3], null]);
    expect(reload).not.toHaveBeenCalled();
    pause.toggle();
    expect(pause.held.value).toEqual({ events: 0, calls: 0 });
  });

  it('reloads everything afterwards if too much arrived', () => {
    take(...Array.from({ length: MOST_HELD + 1 }, (_, index) => message(summary(index))));
    take(message(summary(0, { lastEntryId: MOST_HELD + 1 })));
    expect(pause.held.value).toEqual({ events: MOST_HELD + 2, calls: MOST_HELD + 1 });
    pause.toggle();
    expect([applied, reload.mock.calls.length]).toEqual([[], 1]);
  });

  it('reloads everything afterwards if the feed restarted meanwhile', () => {
    pause.miss();
    expect(reload).not.toHaveBeenCalled();
    pause.toggle();
    expect(reload).toHaveBeenCalledOnce();
    pause.toggle();
    pause.toggle();
    expect(reload).toHaveBeenCalledOnce();
  });
});
