import { describe, expect, it } from 'vitest';
import { readFaultOption, readFaults } from './fault.ts';

describe('a list of faults', () => {
  it('is read, with what is absent at its default', () => {
    expect(readFaults([{ fault: 'delay', webhook: 'completed', every: 2 }, { fault: 'rest-error' }])).toEqual(
      {
        ok: true,
        faults: [
          { fault: 'delay', webhook: 'completed', every: 2, ms: 500 },
          { fault: 'rest-error', status: 503 },
        ],
      },
    );
  });

  it.each([
    [{}, /^faults: .*array/],
    [[{ fault: 'explode' }], /^\[0\]\.fault: is none of drop, duplicate/],
    [['drop'], /^\[0\]: /],
    [[{ fault: 'drop' }, { fault: 'drop', chance: 2 }], /^\[1\]\.chance: Too big/],
    [[{ fault: 'drop', sometimes: true }], /^\[0\]: .*sometimes/],
    [[{ fault: 'drop', chance: 0.5, every: 2 }], /^\[0\]: takes "chance" or "every", not both/],
    [[{ fault: 'rest-error', status: 404 }], /^\[0\]\.status: /],
  ])('%j is refused with the place of its fault', (value, reason) => {
    expect(readFaults(value)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});

describe('a fault on the command line', () => {
  it.each([
    ['drop', { fault: 'drop' }],
    ['drop,webhook=completed,every=3', { fault: 'drop', webhook: 'completed', every: 3 }],
    ['slow,ms=250,number=447700900000', { fault: 'slow', ms: 250, number: '447700900000' }],
    [
      'rest-error,status=500,path=/v1/calls,chance=0.1',
      { fault: 'rest-error', status: 500, path: '/v1/calls', chance: 0.1 },
    ],
  ])('%s is read', (text, fault) => {
    expect(readFaultOption(text)).toEqual({ ok: true, faults: [fault] });
  });

  it.each([
    ['drip', /^--fault drip: fault: is none of/],
    ['drop,chance=often', /^--fault drop,chance=often: chance: .*number/],
    ['drop,ms', /^--fault drop,ms: .*ms/],
  ])('%s is refused in words', (text, reason) => {
    expect(readFaultOption(text)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});
