import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const docs = readFileSync(join(root, 'docs/security.md'), 'utf8');
const sourceOf = (file: string) => readFileSync(join(root, file), 'utf8');

describe('docs/security.md', () => {
  it('names for each claim a test that exists', () => {
    const claims = docs.split('\n').filter((line) => /\| [^|]+ \| \[`/.test(line));
    expect(claims.length).toBeGreaterThan(30);
    const wrong = claims.flatMap((line) =>
      [...line.matchAll(/\[`([^`]+)`\]\(\.\.\/([^)]+)\)/g)].filter(([, name = '', file = '']) => {
        if (!existsSync(join(root, file))) return true;
        // Quotes are escaped in the source.
        return !sourceOf(file).replaceAll('\\', '').includes(name);
      }),
    );
    expect(wrong.map(([text]) => text)).toEqual([]);
    expect(claims.filter((line) => !line.includes('.test.ts'))).toEqual([]);
  });

  const limits = [...docs.matchAll(/^\| ([^|]+) \| ([\d,]+)( [a-zA-Z]+)? \| `([^`]+)` `(\w+)` \|$/gm)].map(
    ([, what = '', number = '', unit = '', file = '', name = '']) => ({
      what,
      value: Number(number.replaceAll(',', '')),
      unit: unit.trim(),
      file,
      name,
    }),
  );

  /** What one of a unit is in the unit of the constant. */
  function factorOf(unit: string, name: string): number {
    if (unit === 's') return name.endsWith('SECONDS') ? 1 : 1_000;
    return { kB: 1_024, MB: 1_024 * 1_024, h: 3_600 }[unit] ?? 1;
  }

  it('tells the limits that are in the code', () => {
    expect(limits.length).toBeGreaterThan(20);
    const wrong = limits.filter(({ value, unit, file, name }) => {
      const found = new RegExp(`\\b${name}(?: = |: |\\()(\\d[\\d_ *]*)`).exec(sourceOf(file))?.[1] ?? '';
      const inCode = found
        .split('*')
        .reduce((product, part) => product * Number(part.replaceAll('_', '')), 1);
      return inCode !== value * factorOf(unit, name);
    });
    expect(wrong).toEqual([]);
  });

  it('lists every limit on the size of what arrives', () => {
    const listed = new Set(limits.map(({ file, name }) => `${file} ${name}`));
    const found = globSync('server/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap((file) =>
      [...sourceOf(file).matchAll(/\b(LARGEST_\w+) = |\b(readJson)\(\d/g)].map(
        ([, constant, call]) => `${file} ${constant ?? call}`,
      ),
    );
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((each) => !listed.has(each))).toEqual([]);
  });
});
