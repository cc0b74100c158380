import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(?:js|css|html|svg|txt)$/;

/** Writes a .br and a .gz copy of each text file in a folder, if it is smaller. */
export async function compressFolder(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    COMPRESSIBLE.test(file),
  );
  await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const content = readFileSync(path);
      const packed = {
        // The default quality is the highest.
        br: await promisify(brotliCompress)(content),
        gz: await promisify(gzip)(content, { level: 9 }),
      };
      for (const [ending, bytes] of Object.entries(packed)) {
        if (bytes.length < content.length) writeFileSync(`${path}.${ending}`, bytes);
      }
    }),
  );
}

for (const folder of process.argv[1] === import.meta.filename ? process.argv.slice(2) : []) {
  await compressFolder(folder);
}
