// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Presses, watchPresses } from './presses.ts';

let presses: Presses;
let now: number;

beforeEach(() => {
  now = 1_000;
  document.body.innerHTML = '<button>Mute</button><a href="#x">link</a><input /><textarea></textarea>';
  presses = watchPresses(document, () => now);
});

afterEach(() => presses.close());

/** Whether the page would still do what a key does. */
function press(selector: string, key: string, repeat: boolean): boolean {
  const event = new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true });
  return document.querySelector(selector)?.dispatchEvent(event) ?? false;
}

describe('a key held down', () => {
  it.each([
    ['button', 'Enter'],
    ['button', ' '],
    ['a', 'Enter'],
    ['input', 'Enter'],
  ])('presses %s only once with %j', (selector, key) => {
    expect(press(selector, key, false)).toBe(true);
    expect(press(selector, key, true)).toBe(false);
  });

  it.each([
    ['textarea', 'Enter'],
    ['input', ' '],
    ['button', 'Tab'],
  ])('continues in %s with %j', (selector, key) => {
    expect(press(selector, key, true)).toBe(true);
  });
});

describe('a press starts', () => {
  const click = () => document.querySelector('button')?.click();

  it('when the pointer or key went down, however long ago', () => {
    document.querySelector('button')?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    now += 700;
    expect(presses.startedAt()).toBe(1_000);
    click();
    press('button', ' ', false);
    now += 700;
    expect(presses.startedAt()).toBe(1_700);
  });

  it('when it is handled, if nothing went down', () => {
    document.querySelector('button')?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    click();
    now += 5_000;
    expect(presses.startedAt()).toBe(6_000);
  });
});
