import { describe, expect, it } from 'vitest';
import { type Lock, missingPackages, wantsDev } from './dependencies.mjs';

const express = { 'node_modules/express': { version: '5.3.0' } };
const vitest = { 'node_modules/vitest': { version: '5.1.1', dev: true } };
const forWindows = { 'node_modules/rolldown-win32': { version: '1.0.0', dev: true, optional: true } };
const lock: Lock = { packages: { '': { version: '0.1.0' }, ...express, ...vitest, ...forWindows } };

describe('packages are missing', () => {
  it.each<[string, Lock, string[]]>([
    ['all of them in a fresh clone', {}, ['node_modules/express', 'node_modules/vitest']],
    [
      'none after npm ci, which leaves out those for other machines',
      { packages: { ...express, ...vitest } },
      [],
    ],
    [
      'those of another version',
      { packages: { ...vitest, 'node_modules/express': { version: '4.0.0' } } },
      ['node_modules/express'],
    ],
    [
      'none for what else is there',
      { packages: { ...express, ...vitest, 'node_modules/mine': { version: '1.0.0' } } },
      [],
    ],
  ])('%s', (_, installed, missing) => {
    expect(missingPackages(lock, installed, { dev: true })).toEqual(missing);
  });

  it('those for development do not count in production', () => {
    expect(missingPackages(lock, { packages: express }, { dev: false })).toEqual([]);
  });
});

describe('development dependencies are wanted', () => {
  const production = { packages: express };
  it.each<[string, Lock, { needed: boolean; env: Record<string, string> }, boolean]>([
    ['in a fresh clone', {}, { needed: false, env: {} }, true],
    ['not with NODE_ENV=production', {}, { needed: false, env: { NODE_ENV: 'production' } }, false],
    ['not with npm start --omit=dev', {}, { needed: false, env: { npm_config_omit: 'optional dev' } }, false],
    ['not where they were left out before', production, { needed: false, env: {} }, false],
    ['where an installation broke off', { packages: {} }, { needed: false, env: {} }, true],
    [
      'where a script needs them, whatever was left out',
      production,
      { needed: true, env: { NODE_ENV: 'production' } },
      true,
    ],
  ])('%s', (_, installed, wish, wanted) => {
    expect(wantsDev(lock, installed, wish)).toBe(wanted);
  });
});
