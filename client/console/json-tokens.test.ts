import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTokens } from './json-tokens.ts';

describe('the parts of a JSON text', () => {
  it('tell names and values', () => {
    const tokens = jsonTokens('{"a": [1, "b: \\"c\\""]}');
    expect(tokens.map(({ kind, text }) => [kind, text])).toEqual([
      ['other', '{'],
      ['key', '"a"'],
      ['other', ': [1, '],
      ['text', '"b: \\"c\\""'],
      ['other', ']}'],
    ]);
  });

  it('are the whole text, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(
          jsonTokens(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
