import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch, suggestSearches } from './call-search.ts';

const known = { agents: ['Alice', 'Anna Lee'], queues: ['sales', 'Support line'] };
const today = new Date(2026, 10, 29, 14, 20);
const day = (date: number, month = 10) => new Date(2026, month, date).toISOString();

describe('a search for calls', () => {
  it.each([
    ['', { text: '' }],
    ['  hold music ', { text: 'hold music' }],
    ['number:7700900000', { number: '7700900000', text: '' }],
    ['number:"0044 7700 900000"', { number: '447700900000', text: '' }],
    ['agent:alice', { agent: 'Alice', text: '' }],
    ['agent:"anna lee" busy', { agent: 'Anna Lee', text: 'busy' }],
    ['agent:Bob', { agent: 'Bob', text: '' }],
    ['queue:SALES outcome:Voicemail', { queue: 'sales', outcome: 'voicemail', text: '' }],
    ['direction:outbound', { direction: 'outbound', text: '' }],
    ['from:2026-11-01 to:2026-11-02', { since: day(1), until: day(3), text: '' }],
    ['to:2026-10-31', { until: day(1), text: '' }],
    ['FROM:2026-11-01T09:30', { since: new Date(2026, 10, 1, 9, 30).toISOString(), text: '' }],
    ['to:"2026-11-01 09:30"', { until: new Date(2026, 10, 1, 9, 31).toISOString(), text: '' }],
    // What only looks like a key.
    ['"foo:bar"', { text: '"foo:bar"' }],
    ['agent:Bob "a from:b"', { agent: 'Bob', text: '"a from:b"' }],
    ['https://example.com/a', { text: 'https://example.com/a' }],
    ['sip:alice@example.com', { text: 'sip:alice@example.com' }],
    ['at 12:30', { text: 'at 12:30' }],
    ['CON-7:x', { text: 'CON-7:x' }],
    ['+44 (0)7700', { text: '+44 (0)7700' }],
  ])('%j is read', (typed, search) => {
    expect(parseSearch(typed, known)).toEqual({ search, problems: [] });
  });

  it.each([
    ['colour:red x', { is: 'unknown key', key: 'colour' }],
    ['agent: x', { is: 'no value', key: 'agent' }],
    ['agent:"" x', { is: 'no value', key: 'agent' }],
    ['number:abc x', { is: 'not a number', key: 'number', value: 'abc' }],
    ['from:yesterday x', { is: 'not a date', key: 'from', value: 'yesterday' }],
    ['to:2026-02-30 x', { is: 'not a date', key: 'to', value: '2026-02-30' }],
    ['to:2026-02-01T25:00 x', { is: 'not a date', key: 'to', value: '2026-02-01T25:00' }],
    [
      'direction:up x',
      { is: 'unknown value', key: 'direction', value: 'up', allowed: ['inbound', 'outbound'] },
    ],
    ['outcome:lost x', expect.objectContaining({ is: 'unknown value', key: 'outcome', value: 'lost' })],
  ])('%j has a part that is left out, and says why', (typed, problem) => {
    expect(parseSearch(typed, known)).toEqual({ search: { text: 'x' }, problems: [problem] });
  });

  it('takes the first of two parts with the same key, and says so', () => {
    const { search, problems } = parseSearch('agent:Alice agent:Bob');
    expect([search.agent, problems]).toEqual(['Alice', [{ is: 'given twice', key: 'agent' }]]);
  });

  it('says when it ends before it begins', () => {
    expect(parseSearch('from:2026-11-02 to:2026-11-01').problems).toEqual([{ is: 'no time between' }]);
    expect(parseSearch('from:2026-11-02 to:2026-11-02').problems).toEqual([]);
  });

  it('is read without an error, whatever was typed', () => {
    const part = fc.constantFrom('agent:', 'from:', 'to:', '"', ' ', 'x', '2026-11-01', ':', 'number:', '7');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
        const { search } = parseSearch(parts.join(''), known);
        expect(search.text).toBe(search.text.trim());
      }),
    );
  });
});

describe('suggestions', () => {
  it.each([
    ['', ['number:', 'agent:', 'outcome:', 'queue:', 'direction:', 'from:', 'to:']],
    ['o', ['outcome:']],
    [
      'agent:Bob ',
      ['number:', 'outcome:', 'queue:', 'direction:', 'from:', 'to:'].map((key) => `agent:Bob ${key}`),
    ],
    ['agent:', ['agent:Alice', 'agent:"Anna Lee"']],
    ['busy Agent:an', ['busy agent:"Anna Lee"']],
    ['agent:"anna l', ['agent:"Anna Lee"']],
    ['agent:Alice', []],
    ['outcome:v', ['outcome:voicemail']],
    ['queue:s', ['queue:sales', 'queue:"Support line"']],
    ['to:2026-11-28', []],
    ['from:2026-11-2', ['29', '28', '27', '26', '25', '24', '23'].map((date) => `from:2026-11-${date}`)],
    ['number:', []],
    ['colour:', []],
    ['hold mus', []],
  ])('complete %j', (typed, expected) => {
    expect(suggestSearches(typed, known, today)).toEqual(expected);
  });

  it('are searches without a problem, once they have a value', () => {
    for (const key of ['agent:', 'queue:', 'outcome:', 'direction:', 'from:', 'to:']) {
      for (const typed of suggestSearches(key, known, today)) {
        expect(parseSearch(typed, known).problems, typed).toEqual([]);
      }
    }
  });
});
