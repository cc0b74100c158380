// @vitest-environment happy-dom
import { h, render } from 'preact';
import { expect, it } from 'vitest';
import { JsonText } from './json-text.tsx';
import { visibleMarks } from './visible-marks.ts';

it.each(['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'])(
  'a mark that reverses text is written as its escape: %j',
  (mark) => {
    const json = JSON.stringify({ from: `44${mark}7700` });
    expect(visibleMarks(json)).not.toContain(mark);
    expect(JSON.parse(visibleMarks(json))).toEqual(JSON.parse(json));
  },
);

it('all other text stays unchanged', () => {
  const text = '+44 7700 900000 Zoë שלום 👩‍🚀 “x”';
  expect(visibleMarks(text)).toBe(text);
});

it('displayed JSON has such marks as escapes', () => {
  const place = document.createElement('div');
  render(h(JsonText, { text: '{"from":"1\u202e2"}' }), place);
  expect(place.textContent).toBe('{"from":"1\\u202e2"}');
});
