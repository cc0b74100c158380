// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForShortcuts } from './shortcuts.ts';

let done: string[];
let stop: () => void;

beforeEach(() => {
  done = [];
  document.body.innerHTML = '<button></button><input /><select></select>';
  stop = listenForShortcuts(document, {
    move: (lines) => done.push(`move ${lines}`),
    leave: () => done.push('leave'),
    togglePause: () => done.push('pause'),
    search: () => done.push('search'),
    help: () => done.push('help'),
  });
});

afterEach(() => stop());

/** Presses keys in an element; whether the browser still does what it does with them. */
function press(selector: string, init: KeyboardEventInit): boolean {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  return document.querySelector(selector)?.dispatchEvent(event) ?? false;
}

it.each([
  [{ key: 'ArrowDown', code: 'ArrowDown', altKey: true }, 'move 1'],
  [{ key: 'ArrowUp', code: 'ArrowUp', altKey: true }, 'move -1'],
  [{ key: 'π', code: 'KeyP', altKey: true }, 'pause'],
  [{ key: 'Escape' }, 'leave'],
  [{ key: 'k', ctrlKey: true }, 'search'],
  [{ key: 'K', metaKey: true }, 'search'],
  [{ key: '/', ctrlKey: true }, 'help'],
])('%j: %s', (keys, expected) => {
  expect(press('button', keys)).toBe(false);
  expect(done).toEqual([expected]);
});

describe('nothing is done', () => {
  it.each([
    ['for letters alone', 'button', { key: 'p', code: 'KeyP' }],
    ['for the arrows alone', 'button', { key: 'ArrowDown', code: 'ArrowDown' }],
    ['while somebody types', 'input', { key: 'ArrowUp', code: 'ArrowUp', altKey: true }],
    ['for Escape in a field, which empties it', 'input', { key: 'Escape' }],
    ['while somebody chooses', 'select', { key: 'ArrowDown', code: 'ArrowDown', altKey: true }],
    ['for other keys with Alt', 'button', { key: 'x', code: 'KeyX', altKey: true }],
    ['for other keys with Control', 'button', { key: 'c', ctrlKey: true }],
    ['with more keys than meant', 'button', { key: 'k', ctrlKey: true, shiftKey: true }],
  ])('%s', (_, place, keys) => {
    expect(press(place, keys)).toBe(true);
    expect(done).toEqual([]);
  });

  it('before a dialog', () => {
    document.body.insertAdjacentHTML('beforeend', '<dialog open></dialog>');
    press('button', { key: 'Escape' });
    expect(done).toEqual([]);
  });

  it('for a key that something else has taken', () => {
    document.querySelector('button')?.addEventListener('keydown', (event) => event.preventDefault());
    press('button', { key: 'Escape' });
    expect(done).toEqual([]);
  });

  it('once it was stopped', () => {
    stop();
    press('button', { key: 'Escape' });
    expect(done).toEqual([]);
  });
});

it('Control and K search from a field too', () => {
  press('input', { key: 'k', ctrlKey: true });
  expect(done).toEqual(['search']);
});
