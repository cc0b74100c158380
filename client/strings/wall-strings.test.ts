import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { textsOf } from '../../ui/testing.ts';
import { wallEn } from './wall-en.ts';

const samples = () => [3, '4'];

it('each text of the wall is used', () => {
  const folder = join(import.meta.dirname, '../..');
  const places = ['client/wall/**/*.{ts,tsx}', 'client/session/*.tsx', 'ui/party-names.ts'];
  const files = globSync(places, { cwd: folder }).filter((file) => !file.includes('.test.'));
  const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  /** Groups of which a variable names the member: their types already tell a missing one. */
  const byName =
    /\.(name|causes|meaning|group|state|what|callState|hears|problems|themes|choice|status|modes|outcome|notTaken|severity|alarms)\./;
  const unused = textsOf(wallEn, samples)
    .map(([path]) => path)
    .filter((path) => !byName.test(path))
    .filter((path) => !new RegExp(`\\b${path.split('.').at(-1)}\\b`).test(source));
  expect(unused).toEqual([]);
});
