import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textsOf } from '../../ui/testing.ts';
import { wallEn } from './wall-en.ts';
import { wallEs } from './wall-es.ts';

const samples = () => [3, '4'];

describe('the Spanish texts of the wall', () => {
  const spanish = textsOf(wallEs, samples);
  const english = new Map(textsOf(wallEn, samples));

  it('exist for each English one', () => {
    expect(spanish.map(([path]) => path)).toEqual([...english.keys()]);
    expect(spanish.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are translated, except for words that both languages share', () => {
    const same = spanish.filter(([path, text]) => english.get(path) === text).map(([path]) => path);
    expect(same).toEqual(['.product', '.agentsDay.seconds', '.manage.cancel']);
  });

  it('use the same values as the English ones', () => {
    const told = (text: string | undefined) => /3/.test(text ?? '');
    expect(spanish.filter(([path, text]) => told(text) !== told(english.get(path)))).toEqual([]);
  });
});

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
