import { describe, expect, it } from 'vitest';
import { createVirtualWorld } from '../world.ts';
import { createFaults, type Fault, readFaultOption, readFaults } from './faults.ts';

function create(...faults: Fault[]) {
  return createFaults(createVirtualWorld({ seed: 1, start: 0 }), faults);
}
const often = (faults: ReturnType<typeof create>, count: number) =>
  Array.from({ length: count }, () => faults.strike('drop') !== undefined);

describe('faults', () => {
  it('strike always, every nth time, or a limited number of times', () => {
    expect(often(create({ fault: 'drop' }), 3)).toEqual([true, true, true]);
    expect(often(create({ fault: 'drop', every: 3 }), 6)).toEqual([false, false, true, false, false, true]);
    expect(often(create({ fault: 'drop', times: 2 }), 4)).toEqual([true, true, false, false]);
  });

  it('strike at random, but the same for the same seed', () => {
    const struck = often(create({ fault: 'drop', chance: 0.25 }), 1000);
    expect(struck).toEqual(often(create({ fault: 'drop', chance: 0.25 }), 1000));
    const share = struck.filter(Boolean).length / 1000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
    expect(often(create({ fault: 'drop', chance: 0 }), 5)).not.toContain(true);
  });

  it('strike only their target, and count only that', () => {
    const faults = create({ fault: 'drop', every: 2, webhook: 'completed' });
    const meets = (kind: string) => faults.strike('drop', ({ webhook }) => webhook === kind) !== undefined;
    expect(['answered', 'completed', 'answered', 'completed'].map(meets)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(faults.struck()).toEqual([1]);
    expect(faults.strike('duplicate')).toBeUndefined();
  });

  it('can be replaced at any time', () => {
    const faults = create({ fault: 'drop' });
    faults.set([]);
    expect(often(faults, 2)).toEqual([false, false]);
    faults.set([{ fault: 'slow', ms: 10 }]);
    expect(faults.strike('slow')).toEqual({ fault: 'slow', ms: 10 });
  });
});

describe('a list of faults', () => {
  it('is read with defaults for missing fields', () => {
    expect(readFaults([{ fault: 'delay', webhook: 'completed', every: 2 }, { fault: 'rest-error' }])).toEqual(
      {
        ok: true,
        faults: [
          { fault: 'delay', webhook: 'completed', every: 2, ms: 500 },
          { fault: 'rest-error', status: 503 },
        ],
      },
    );
    expect(readFaults([{ fault: 'rest-lost', method: 'PUT', action: 'transfer' }])).toMatchObject({
      ok: true,
    });
  });

  it.each([
    [{}, /^faults: .*array/],
    [[{ fault: 'explode' }], /^\[0\]\.fault: unknown fault; expected drop, duplicate/],
    [['drop'], /^\[0\]: /],
    [[{ fault: 'drop' }, { fault: 'drop', chance: 2 }], /^\[1\]\.chance: Too big/],
    [[{ fault: 'drop', sometimes: true }], /^\[0\]: .*sometimes/],
    [[{ fault: 'drop', chance: 0.5, every: 2 }], /^\[0\]: takes "chance" or "every", not both/],
    [[{ fault: 'rest-lost', method: 'put' }], /^\[0\]\.method: /],
    [[{ fault: 'rest-error', status: 404 }], /^\[0\]\.status: /],
    ...(['rest-lost', 'rest-error', 'rate-limit'] as const).map((fault): [unknown, RegExp] => [
      [{ fault, path: '/voice/answer' }],
      /^\[0\]\.path: no REST request goes to \/voice\/answer; expected \/v1, .* or below$/,
    ]),
    [[{ fault: 'rest-lost', path: '/v1x' }], /^\[0\]\.path: no REST request/],
    [[{ fault: 'rest-lost', path: 'v1' }], /^\[0\]\.path: no REST request/],
  ])('%j is rejected with the location of the error', (value, reason) => {
    expect(readFaults(value)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});

it.each(['/', '/v', '/v1', '/v1/calls', '/v2', '/v2/applications/1', '/account/get-balance', '/number'])(
  'a REST fault may strike %s',
  (path) => {
    expect(readFaults([{ fault: 'rest-lost', path }])).toMatchObject({ ok: true });
  },
);

describe('a fault on the command line', () => {
  it.each([
    ['drop', { fault: 'drop' }],
    ['drop,webhook=completed,every=3', { fault: 'drop', webhook: 'completed', every: 3 }],
    ['slow,ms=250,number=447700900000', { fault: 'slow', ms: 250, number: '447700900000' }],
    [
      'rest-error,status=500,path=/v1/calls,chance=0.1',
      { fault: 'rest-error', status: 500, path: '/v1/calls', chance: 0.1 },
    ],
    ['rest-lost,method=POST,action=1', { fault: 'rest-lost', method: 'POST', action: '1' }],
  ])('%s is read', (text, fault) => {
    expect(readFaultOption(text)).toEqual({ ok: true, faults: [fault] });
  });

  it.each([
    ['drip', /^--fault drip: fault: unknown fault/],
    ['drop,chance=often', /^--fault drop,chance=often: chance: .*number/],
    ['drop,ms', /^--fault drop,ms: .*ms/],
  ])('%s is rejected with a readable message', (text, reason) => {
    expect(readFaultOption(text)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});
