import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { contentHash } from './content-hash.mjs';
import { emptyFolder } from './test-folder.ts';

let root = '';
beforeEach(() => {
  root = emptyFolder();
  mkdirSync(join(root, 'client/views'), { recursive: true });
  writeFileSync(join(root, 'client/views/a.ts'), 'a');
  writeFileSync(join(root, 'lock.json'), '{}');
});

const hash = () => contentHash(root, ['client', 'lock.json', 'not-there']);

it('a hash of contents is the same for the same contents', () => {
  const before = hash();
  writeFileSync(join(root, 'client/views/a.ts'), 'a');
  writeFileSync(join(root, 'elsewhere.ts'), 'x');
  expect(hash()).toBe(before);
});

it.each<[string, () => void]>([
  ['content', () => writeFileSync(join(root, 'client/views/a.ts'), 'b')],
  ['new file', () => writeFileSync(join(root, 'client/b.ts'), '')],
  ['removed file', () => rmSync(join(root, 'lock.json'))],
])('a hash of contents changes with a %s', (_, change) => {
  const before = hash();
  change();
  expect(hash()).not.toBe(before);
});

it('a hash of contents ignores tests', () => {
  const before = hash();
  writeFileSync(join(root, 'client/views/a.test.ts'), 'test');
  writeFileSync(join(root, 'client/view.test.tsx'), 'test');
  expect(hash()).toBe(before);
});
