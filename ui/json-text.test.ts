import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonParts, prettyJson } from './json-text.tsx';

const coloured = (text: string) =>
  jsonParts(text)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`);

describe('JSON', () => {
  it('has one line per value', () => {
    expect(prettyJson('{"a":[1,"b"]}')).toBe('{\n  "a": [\n    1,\n    "b"\n  ]\n}');
  });

  it('that is invalid stays unchanged', () => {
    expect(prettyJson('a=1&b=2')).toBe('a=1&b=2');
    expect(jsonParts('<p>1 true "a"</p>')).toEqual([{ kind: 'plain', text: '<p>1 true "a"</p>' }]);
  });

  it('is split into tokens by type', () => {
    expect(coloured('{"a": "b: 1", "c": -1.5e+3, "d": [true, null]}')).toEqual([
      'key "a":',
      'text "b: 1"',
      'key "c":',
      'value -1.5e+3',
      'key "d":',
      'value true',
      'value null',
    ]);
  });

  it('loses nothing when split', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const text of [json, prettyJson(json), json.slice(1), `[${json.slice(0, -1)}`]) {
          expect(
            jsonParts(text)
              .map((part) => part.text)
              .join(''),
          ).toBe(text);
        }
      }),
    );
  });

  it('has one colour if it is very long', () => {
    expect(jsonParts(`[${'1,'.repeat(20_000)}1]`)).toHaveLength(1);
  });
});
