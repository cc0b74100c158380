import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateKey } from '../../testing.ts';
import type { Application } from '../../vonage/account.ts';
import { type ApplicationWish, chooseApplication } from './choose-application.ts';
import { webhooksAt } from './webhooks.ts';

const pemOf = (key: ReturnType<typeof createPublicKey>) =>
  key.export({ type: 'spki', format: 'pem' }).toString();
const ours = pemOf(createPublicKey(privateKey));
const theirs = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
const here = webhooksAt('https://calls.example.com');
const there = webhooksAt('https://other.example');

const wish: ApplicationWish = {
  id: undefined,
  name: 'Switchboard',
  webhooks: here,
  publicKey: ours,
  region: undefined,
};

function application(id: string, more: Partial<Application> = {}): Application {
  return {
    id,
    name: id,
    publicKey: ours,
    webhooks: here,
    hasRtc: true,
    signsCallbacks: true,
    region: undefined,
    ...more,
  };
}

/** What was chosen, in short. */
function chosen(applications: Application[], more: Partial<ApplicationWish> = {}): string {
  const choice = chooseApplication({ ...wish, ...more }, applications);
  return choice.kind === 'use' ? choice.application.id : choice.kind;
}

function used(more: Partial<Application>, wished: Partial<ApplicationWish> = {}) {
  const choice = chooseApplication({ ...wish, id: 'a', ...wished }, [application('a', more)]);
  if (choice.kind !== 'use') throw new Error(choice.kind);
  return { lacks: choice.lacks, costs: choice.costs.join(' ') };
}

describe('choosing the application', () => {
  const foreign = { webhooks: there, publicKey: theirs };
  const empty = { webhooks: {}, publicKey: theirs };
  it.each([
    ['a new one if there is none', [], {}, 'create'],
    ['a new one next to unrelated ones', [application('a', foreign)], {}, 'create'],
    ['the one with the given ID', [application('a'), application('b', foreign)], { id: 'b' }, 'b'],
    ['none if no application has the ID', [application('a')], { id: 'z' }, 'impossible'],
    [
      'the one with these webhooks',
      [application('a', foreign), application('b', { publicKey: theirs })],
      {},
      'b',
    ],
    [
      'the one with the key, rather than the one with the name',
      [application('Switchboard', empty), application('b', { webhooks: there })],
      {},
      'b',
    ],
    [
      'the one with these webhooks, rather than the one with the key',
      [application('a', { webhooks: there }), application('b', { publicKey: theirs })],
      {},
      'b',
    ],
    [
      'the one with the key among several with these webhooks',
      [application('a', { publicKey: theirs }), application('b')],
      {},
      'b',
    ],
    ['an error if several have these webhooks', [application('a'), application('b')], {}, 'impossible'],
    [
      'the one with the name and without webhooks',
      [
        application('a', { ...foreign, name: 'Switchboard' }),
        application('b', { ...empty, name: 'Switchboard' }),
      ],
      {},
      'b',
    ],
    ['the one with the name, whatever it has', [application('Switchboard', foreign)], {}, 'Switchboard'],
  ])('%s', (_name, applications, wished, expected) => {
    expect(chosen(applications, wished)).toBe(expected);
  });
});

describe('an existing application', () => {
  it('needs no change and affects nobody if it is correct', () => {
    expect(used({})).toEqual({ lacks: [], costs: '' });
  });

  it.each([
    ['has other webhooks', { webhooks: there }, ['webhooks'], /https:\/\/other\.example,/],
    [
      'has one webhook elsewhere',
      { webhooks: { ...here, event: there.event } },
      ['webhooks'],
      /other\.example/,
    ],
    ['has no webhooks', { webhooks: {} }, ['webhooks'], /^$/],
    [
      'has another method',
      { webhooks: { ...here, answer: { ...here.answer, method: 'POST' as const } } },
      ['webhooks'],
      /^$/,
    ],
    ['has another key', { publicKey: theirs }, ['public key'], /locked out/],
    ['has no key', { publicKey: undefined }, ['public key'], /^$/],
    ['has no RTC', { hasRtc: false }, ['RTC'], /^$/],
    ['does not sign', { signsCallbacks: false }, ['signed callbacks'], /^$/],
  ])('%s', (_name, present, lacks, costs) => {
    expect(used(present)).toEqual({ lacks, costs: expect.stringMatching(costs) });
  });

  it('gets a new key if there is none here, which locks out users of the old one', () => {
    expect(used({}, { publicKey: undefined })).toEqual({
      lacks: ['public key'],
      costs: expect.stringContaining('locked out'),
    });
  });

  it('changes its region only if one is requested', () => {
    expect(used({ region: 'eu-west' }).lacks).toEqual([]);
    expect(used({ region: 'eu-east' }, { region: 'eu' }).lacks).toEqual([]);
    expect(used({ region: 'na-east' }, { region: 'eu' }).lacks).toEqual(['region']);
  });
});
