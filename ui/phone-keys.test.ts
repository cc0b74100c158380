// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import { isForPage, PHONE_KEYS, phoneKeyOf } from './phone-keys.ts';

afterEach(() => document.body.replaceChildren());

function press(html: string, init: KeyboardEventInit): KeyboardEvent {
  document.body.innerHTML = html;
  const event = new KeyboardEvent('keydown', init);
  document.body.firstElementChild?.dispatchEvent(event);
  return event;
}

it('knows each key of a phone, and no other', () => {
  const typed = ['1', '0', '*', '#', 'a', 'Enter'].map((key) => phoneKeyOf(press('<p></p>', { key })));
  expect(typed).toEqual(['1', '0', '*', '#', undefined, undefined]);
  expect(PHONE_KEYS.map(([key]) => key).join('')).toBe('123456789*0#');
});

it.each([
  ['<button></button>', {}, true],
  ['<input type="checkbox">', {}, true],
  ['<input>', {}, false],
  ['<input type="tel">', {}, false],
  ['<textarea></textarea>', {}, false],
  ['<select></select>', {}, false],
  ['<button></button>', { ctrlKey: true }, false],
  ['<button></button>', { altKey: true }, false],
  ['<button></button>', { metaKey: true }, false],
  ['<button></button>', { shiftKey: true }, true],
])('a key in %s with %j is handled by the page: %s', (html, init, expected) => {
  expect(isForPage(press(html, { key: '1', ...init }))).toBe(expected);
});
