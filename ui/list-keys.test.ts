// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { afterEach, expect, it } from 'vitest';
import { ariaKeys, createSingleKeys, listenForListKeys, type SingleKeys } from './list-keys.tsx';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** What is done when keys are pressed one after the other. */
function doneBy(singleKeys: SingleKeys, ...presses: KeyboardEventInit[]): string[] {
  const done: string[] = [];
  const act = (name: string) => () => void done.push(name);
  const actions = {
    next: act('next'),
    previous: act('previous'),
    search: act('search'),
    pause: act('pause'),
    help: act('help'),
    back: act('back'),
  };
  stop = listenForListKeys(document, actions, signal(singleKeys), { r: act('other') });
  for (const keys of presses)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...keys }));
  stop();
  return done;
}

const single = ['j', 'k', '/', 'p', '?', 'r'].map((key) => ({ key }));
const combined = [
  { key: 'ArrowDown', code: 'ArrowDown', altKey: true },
  { key: 'ArrowUp', code: 'ArrowUp', altKey: true },
  { key: 'k', ctrlKey: true },
  { key: 'π', code: 'KeyP', altKey: true },
  { key: '/', ctrlKey: true },
];
const shared = ['next', 'previous', 'search', 'pause', 'help'];

it('does each thing by a single key and by another', () => {
  expect(doneBy('on', ...single)).toEqual([...shared, 'other']);
  expect(doneBy('on', ...combined)).toEqual(shared);
  expect(doneBy('on', { key: 'Escape' })).toEqual(['back']);
});

it('does each thing without single keys, where they are turned off', () => {
  expect(doneBy('off', ...single)).toEqual([]);
  expect(doneBy('off', ...combined, { key: 'Escape' })).toEqual([...shared, 'back']);
});

it('remembers that single keys are turned off', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const singleKeys = createSingleKeys(storage);
  expect(singleKeys.value).toBe('on');
  singleKeys.value = 'off';
  expect(createSingleKeys(storage).value).toBe('off');
});

it('names the keys for assistive technology', () => {
  expect([ariaKeys('pause'), ariaKeys('help')]).toEqual(['p Alt+P', '? Control+/']);
});
