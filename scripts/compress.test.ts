import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressFolder } from './compress.mjs';
import { emptyFolder } from './test-folder.ts';

it('a text file gets a smaller copy in each encoding', async () => {
  const folder = emptyFolder();
  const text = 'let a = 1;\n'.repeat(100);
  writeFileSync(join(folder, 'a.js'), text);
  await compressFolder(folder);
  expect(brotliDecompressSync(readFileSync(join(folder, 'a.js.br'))).toString()).toBe(text);
  expect(gunzipSync(readFileSync(join(folder, 'a.js.gz'))).toString()).toBe(text);
});
