// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForShortcuts } from './shortcuts.ts';

let done: string[];
let stop: () => void;

function start(areLettersAllowed = true): void {
  const names = ['Alt+ArrowDown', 'Alt+KeyP', 'Ctrl+k', 'Ctrl+/', 'Escape', 'j', '/', '?'];
  stop = listenForShortcuts(
    document,
    Object.fromEntries(names.map((name) => [name, () => void done.push(name)])),
    () => areLettersAllowed,
  );
}

beforeEach(() => {
  done = [];
  document.body.innerHTML = '<button></button><input /><textarea></textarea><select></select>';
});

afterEach(() => {
  stop();
  document.body.replaceChildren();
});

/** Presses keys in an element; whether the browser still does what it does with them. */
function press(selector: string, init: KeyboardEventInit): boolean {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  return document.querySelector(selector)?.dispatchEvent(event) ?? false;
}

it.each([
  [{ key: 'ArrowDown', code: 'ArrowDown', altKey: true }, 'Alt+ArrowDown'],
  [{ key: 'π', code: 'KeyP', altKey: true }, 'Alt+KeyP'],
  [{ key: 'k', ctrlKey: true }, 'Ctrl+k'],
  [{ key: 'K', metaKey: true }, 'Ctrl+k'],
  [{ key: '/', ctrlKey: true }, 'Ctrl+/'],
  [{ key: 'Escape' }, 'Escape'],
  [{ key: 'j' }, 'j'],
  [{ key: '?', shiftKey: true }, '?'],
])('%j triggers %s and nothing else', (keys, expected) => {
  start();
  expect(press('button', keys)).toBe(false);
  expect(done).toEqual([expected]);
});

describe('nothing is done', () => {
  it.each([
    ['for a key that stands for nothing', 'button', { key: 'x', code: 'KeyX' }],
    ['for the arrows alone', 'button', { key: 'ArrowDown', code: 'ArrowDown' }],
    ['while somebody types', 'input', { key: 'j' }],
    ['while somebody types several lines', 'textarea', { key: 'j' }],
    ['with Alt while somebody types', 'input', { key: 'ArrowDown', code: 'ArrowDown', altKey: true }],
    ['for Escape in a field, which empties it', 'input', { key: 'Escape' }],
    ['while somebody chooses', 'select', { key: 'j' }],
    ['for other keys with Alt', 'button', { key: 'j', code: 'KeyJ', altKey: true }],
    ['for other keys with Control', 'button', { key: 'j', ctrlKey: true }],
    ['for other keys with Command', 'button', { key: 'j', metaKey: true }],
    ['with Shift beside Control', 'button', { key: 'k', ctrlKey: true, shiftKey: true }],
    ['with Alt beside Control', 'button', { key: 'k', code: 'KeyK', ctrlKey: true, altKey: true }],
  ])('%s', (_, place, keys) => {
    start();
    expect(press(place, keys)).toBe(true);
    expect(done).toEqual([]);
  });

  it('behind a dialog', () => {
    start();
    document.body.insertAdjacentHTML('beforeend', '<dialog open></dialog>');
    press('button', { key: 'Escape' });
    press('button', { key: 'j' });
    press('button', { key: 'k', ctrlKey: true });
    expect(done).toEqual([]);
  });

  it('for a key that something else has handled', () => {
    start();
    document.querySelector('button')?.addEventListener('keydown', (event) => event.preventDefault());
    press('button', { key: 'Escape' });
    expect(done).toEqual([]);
  });

  it('after it was stopped', () => {
    start();
    stop();
    press('button', { key: 'Escape' });
    expect(done).toEqual([]);
  });
});

it('lets Control+K search from a field, too', () => {
  start();
  press('input', { key: 'k', ctrlKey: true });
  expect(done).toEqual(['Ctrl+k']);
});

it('takes Escape from a select, and no other key', () => {
  start();
  for (const place of ['input', 'textarea', 'select']) {
    press(place, { key: 'Escape' });
    press(place, { key: 'j' });
  }
  expect(done).toEqual(['Escape']);
});

it('can turn off single characters; Escape and keys with Control or Alt keep working', () => {
  start(false);
  for (const key of ['j', '/', '?', 'Escape']) press('button', { key });
  press('button', { key: 'k', ctrlKey: true });
  press('button', { key: 'p', code: 'KeyP', altKey: true });
  expect(done).toEqual(['Escape', 'Ctrl+k', 'Alt+KeyP']);
});
