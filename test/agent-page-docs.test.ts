import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const text = readFileSync(join(ROOT, 'docs/agent-page.md'), 'utf8');

/** The tests that the tables name: file and title. */
const named = [...text.matchAll(/^\|.*\| `([\w-]+\.test\.ts)`: (.+?) \|$/gm)].map(
  ([, file = '', title = '']) => ({
    file,
    title,
  }),
);

test('the guide to the agent page has a test for each complaint and each feature of its own', () => {
  const rows = text.split('\n').filter((line) => /^\| (?!users say|feature)/.test(line));
  expect(rows).toHaveLength(21);
  expect(named).toHaveLength(21);
});

test.each(named)('$file has the test “$title”', ({ file, title }) => {
  const path = join(ROOT, 'test/browser', file);
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain(`'${title}'`);
});
