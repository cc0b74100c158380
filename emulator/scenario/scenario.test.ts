import { describe, expect, it } from 'vitest';
import { readScenario } from './scenario.ts';

describe('a scenario', () => {
  it('needs only one call; the rest has defaults', () => {
    const read = readScenario({ calls: [{}] });
    expect(read).toMatchObject({
      ok: true,
      scenario: {
        seed: 1,
        limit: 86_400,
        agents: {},
        faults: [],
        calls: [{ at: 0, from: '447700900000', steps: [], repeat: 1, expect: {} }],
      },
    });
  });

  it('may have an answer function if it is a module', () => {
    expect(readScenario({ calls: [{}], application: { answer: () => [] } }).ok).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 7, /^scenario: expected object/],
    ['no calls', { calls: [] }, /^calls: Too small/],
    ['an unknown field', { calls: [{}], caals: [] }, /^scenario: .*caals/],
    ['wrong keys', { calls: [{ steps: [{ press: 'x' }] }] }, /^calls\[0\]\.steps\[0\]\.press: must be keys/],
    [
      'two things in one step',
      { calls: [{ steps: [{ press: '1', hangUp: true }] }] },
      /^calls\[0\]\.steps\[0\]: takes one of/,
    ],
    ['nothing in a step', { calls: [{ steps: [{ after: 1 }] }] }, /^calls\[0\]\.steps\[0\]: takes one of/],
    [
      'an unknown happening',
      { calls: [{ steps: [{ on: 'tea', hangUp: true }] }] },
      /^calls\[0\]\.steps\[0\]\.on: /,
    ],
    ['an agent who flies', { calls: [{}], agents: { Al: { does: 'fly' } } }, /^agents\.Al\.does: /],
    [
      'times that run backwards',
      { calls: [{}], agents: { Al: { does: 'answer', after: [3, 1] } } },
      /^agents\.Al\.after: /,
    ],
    ['a telephone without digits', { calls: [{}], phones: { bob: { does: 'ring' } } }, /^phones\.bob: /],
    ['a wrong fault', { calls: [{}], faults: [{ fault: 'drop', chance: 7 }] }, /^faults\[0\]\.chance: /],
    ['no NCCO', { calls: [{}], application: { answer: 'talk' } }, /^application\.answer: /],
    ['no time', { calls: [{}], start: 'yesterday' }, /^start: /],
  ])('with %s is rejected with the location of the error', (_what, value, fault) => {
    expect(readScenario(value)).toEqual({
      ok: false,
      faults: expect.arrayContaining([expect.stringMatching(fault)]),
    });
  });
});
