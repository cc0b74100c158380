import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallList } from './call-list.ts';
import { summary } from './fake-messages.ts';
import { createSelection, type Selection } from './selection.ts';

const list = signal<CallList>({ rows: [], rest: null });
const isWide = signal(true);
const id = signal<string | null>(null);
let selection: Selection;

beforeEach(() => {
  list.value = { rows: [summary(3), summary(2), summary(1)], rest: null };
  isWide.value = true;
  id.value = null;
  selection = createSelection({
    calls: { list },
    openCall: {
      id,
      open: (wanted) => {
        id.value = wanted;
      },
    },
    isWide,
  });
});

describe('the keys', () => {
  it.each([
    ['down', [1], 'CON-3'],
    ['down, down', [1, 1], 'CON-2'],
    ['down, up', [1, -1], 'CON-3'],
    ['a screen down', [2], 'CON-2'],
    ['a screen down from the first', [1, 5], 'CON-1'],
    ['to the end', [Number.POSITIVE_INFINITY], 'CON-1'],
    ['to the end and home', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 'CON-3'],
    ['up from nowhere', [-1], 'CON-3'],
  ])('go %s', (_, moves, expected) => {
    for (const lines of moves) {
      selection.move(lines);
    }
    expect([selection.activeId.value, id.value]).toEqual([expected, expected]);
    expect(selection.wantedFocus.value).toBeNull();
  });

  it('stay on their call while others arrive', () => {
    selection.move(1);
    list.value = { rows: [summary(4), summary(3), summary(2), summary(1)], rest: null };
    selection.move(1);
    expect(selection.activeId.value).toBe('CON-2');
  });

  it('continue from the open call if theirs is no longer listed', () => {
    selection.move(1);
    list.value = { rows: [summary(2), summary(1)], rest: null };
    id.value = 'CON-2';
    selection.move(1);
    expect(selection.activeId.value).toBe('CON-1');
  });

  it('start at the call that the URL opened', () => {
    id.value = 'CON-2';
    expect(selection.activeId.value).toBe('CON-2');
    selection.move(1);
    expect(id.value).toBe('CON-1');
  });

  it('do nothing in an empty list', () => {
    list.value = { rows: [], rest: null };
    selection.move(1);
    selection.enter();
    expect([selection.activeId.value, id.value]).toEqual([null, null]);
  });

  it('open the call with Enter, and go back', () => {
    selection.move(1);
    selection.enter();
    expect([selection.takeFocus('list'), selection.takeFocus('call')]).toEqual([false, true]);
    expect(selection.takeFocus('call')).toBe(false);
    selection.leave();
    expect([selection.takeFocus('list'), id.value]).toEqual([true, 'CON-3']);
  });
});

describe('in a narrow window', () => {
  beforeEach(() => {
    isWide.value = false;
  });

  it('arrow keys open nothing until Enter', () => {
    selection.move(1);
    expect([selection.activeId.value, id.value]).toEqual(['CON-3', null]);
    selection.enter();
    expect([id.value, selection.takeFocus('call')]).toEqual(['CON-3', true]);
  });

  it('a selected call takes the focus, and closes on going back', () => {
    selection.choose('CON-2');
    expect([id.value, selection.takeFocus('call')]).toEqual(['CON-2', true]);
    selection.leave();
    expect([id.value, selection.takeFocus('list'), selection.activeId.value]).toEqual([null, true, 'CON-2']);
  });
});

it('a call opened beside the list leaves the focus in the list', () => {
  selection.choose('CON-2');
  expect([id.value, selection.wantedFocus.value]).toEqual(['CON-2', null]);
});
