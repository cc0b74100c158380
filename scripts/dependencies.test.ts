import { describe, expect, it } from 'vitest';
import { type Lock, missingPackages, wantsDev } from './dependencies.mjs';

const express = { 'node_modules/express': { version: '5.3.0' } };
const vitest = { 'node_modules/vitest': { version: '5.1.1', dev: true } };
const forWindows = { 'node_modules/rolldown-win32': { version: '1.0.0', dev: true, optional: true } };
const lock: Lock = { packages: { '': { version: '0.1.0' }, ...express, ...vitest, ...forWindows } };

describe('packages are missing', () => {
  it.each<[string, Lock, string[]]>([
    ['all of them in a fresh clone', {}, ['node_modules/express', 'node_modules/vitest']],
    ['none after npm ci, which omits those for other platforms', { packages: { ...express, ...vitest } }, []],
    [
      'those of another version',
      { packages: { ...vitest, 'node_modules/express': { version: '4.0.0' } } },
      ['node_modules/express'],
    ],
    [
      'none if other packages are installed too',
      { packages: { ...express, ...vitest, 'node_modules/mine': { version: '1.0.0' } } },
      [],
    ],
  ])('%s', (_, installed, missing) => {
    expect(missingPackages(lock, installed, { dev: true })).toEqual(missing);
  });

  it('development dependencies do not count in production', () => {
    expect(missingPackages(lock, { packages: express }, { dev: false })).toEqual([]);
  });
});

describe('development dependencies are wanted', () => {
  const production = { packages: express };
  it.each<[string, Lock, { needed: boolean; env: Record<string, string> }, boolean]>([
    ['in a fresh clone', {}, { needed: false, env: {} }, true],
    ['not with NODE_ENV=production', {}, { needed: false, env: { NODE_ENV: 'production' } }, false],
    ['not with npm start --omit=dev', {}, { needed: false, env: { npm_config_omit: 'optional dev' } }, false],
    ['not if they were omitted before', production, { needed: false, env: {} }, false],
    ['after an interrupted installation', { packages: {} }, { needed: false, env: {} }, true],
    [
      'if a script needs them, even if they were omitted',
      production,
      { needed: true, env: { NODE_ENV: 'production' } },
      true,
    ],
  ])('%s', (_, installed, wish, wanted) => {
    expect(wantsDev(lock, installed, wish)).toBe(wanted);
  });
});
