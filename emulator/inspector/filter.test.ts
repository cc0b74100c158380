import { describe, expect, it } from 'vitest';
import { hint } from '../traffic/hint.ts';
import { fakeSummary } from './fakes.ts';
import { EVERYTHING, type Filter, isEverything, matches } from './filter.ts';

const NONE = new Set<number>();
const lets = (changes: Partial<Filter>, summary = fakeSummary(), found: ReadonlySet<number> = NONE) =>
  matches(summary, { ...EVERYTHING, ...changes }, found);

describe('a filter', () => {
  it('without criteria matches everything', () => {
    expect(lets({})).toBe(true);
    expect(isEverything({ ...EVERYTHING, text: '  ' })).toBe(true);
    expect(isEverything({ ...EVERYTHING, outcome: '2xx' })).toBe(false);
  });

  it('matches one direction', () => {
    expect(lets({ direction: 'out' })).toBe(true);
    expect(lets({ direction: 'in' })).toBe(false);
  });

  it('matches the requests of one call', () => {
    expect(lets({ call: 'CON-1' }, fakeSummary({ call: 'CON-1' }))).toBe(true);
    expect(lets({ call: 'CON-1' }, fakeSummary({ call: null }))).toBe(false);
  });

  it.each([
    ['2xx', { status: 204 }, true],
    ['2xx', { status: 302 }, false],
    ['3xx', { status: 302 }, true],
    ['4xx', { status: 404 }, true],
    ['5xx', { status: 404 }, false],
    ['5xx', { status: 503 }, true],
    ['5xx', { status: null, error: 'refused' }, false],
    ['failed', { status: 404 }, true],
    ['failed', { status: null, error: 'refused' }, true],
    ['failed', { status: 200 }, false],
    ['failed', { status: null, took: null }, false],
    ['pending', { status: null, took: null }, true],
    ['pending', { status: 200 }, false],
  ] as const)('%s matches %o: %s', (outcome, changes, expected) => {
    expect(lets({ outcome }, fakeSummary(changes))).toBe(expected);
  });

  it.each([
    ['what it is for', 'RINGING'],
    ['its address', 'voice/event'],
    ['method and address as one reads them', 'post http'],
    ['its status', '503'],
    ['its error', 'hung'],
    ['its call', 'con-00000000'],
    ['its leg', '11112222'],
    ['its hint', 'check its log'],
  ])('finds a request by %s, in any case', (_, text) => {
    const summary = fakeSummary({
      status: 503,
      error: 'it hung up',
      hint: hint('server-failed', { status: '503' }),
    });
    expect(lets({ text: ` ${text} ` }, summary)).toBe(true);
    expect(lets({ text: `${text}!` }, summary)).toBe(false);
  });

  it('matches what the platform found in a body', () => {
    expect(lets({ text: 'in a body' }, fakeSummary({ id: 7 }), new Set([7]))).toBe(true);
    expect(lets({ text: 'in a body' }, fakeSummary({ id: 8 }), new Set([7]))).toBe(false);
    expect(lets({ text: 'in a body', direction: 'in' }, fakeSummary({ id: 7 }), new Set([7]))).toBe(false);
  });
});
