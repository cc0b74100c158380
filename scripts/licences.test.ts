import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faultsIn, noticeOf, packagesIn } from './licences.mjs';

const root = resolve(import.meta.dirname, '..');
const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), license: z.string().optional(), dev: z.boolean().optional() }),
  ),
});
const lock = lockFile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

describe('the packages', () => {
  it('have licences that may be used', () => {
    expect(faultsIn(packagesIn(lock))).toEqual([]);
  });

  it('are in NOTICE as they are in the lock file; otherwise run npm run licences', () => {
    expect(readFileSync(join(root, 'NOTICE'), 'utf8')).toBe(noticeOf(packagesIn(lock)));
  });

  it('have the licences that the lock file tells, as far as they are installed', () => {
    const manifest = z.object({ version: z.string(), license: z.string().optional() });
    const wrong = Object.entries(lock.packages).filter(([path, { version, license }]) => {
      const file = join(root, path, 'package.json');
      if (path === '' || !existsSync(file)) return false;
      const installed = manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      return installed.success && installed.data.version === version && installed.data.license !== license;
    });
    expect(wrong.map(([path]) => path)).toEqual([]);
  });
});

it('a licence that is not allowed, or not told, is a fault; of several, one is enough', () => {
  const packages = packagesIn({
    packages: {
      '': { version: '1.0.0' },
      'node_modules/free': { version: '1.0.0', license: '(GPL-3.0 OR MIT)' },
      'node_modules/free/node_modules/@own/closed': { version: '2.0.0', license: 'AGPL-3.0' },
      'node_modules/silent': { version: '3.0.0', dev: true },
    },
  });
  expect(faultsIn(packages)).toEqual([
    '@own/closed 2.0.0 has the licence AGPL-3.0.',
    'silent 3.0.0 has no licence.',
  ]);
  expect(noticeOf(packages)).toContain('free 1.0.0: (GPL-3.0 OR MIT)');
  expect(noticeOf(packages)).not.toContain('silent');
});
