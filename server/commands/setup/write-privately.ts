import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes a file atomically, readable only by its owner. Throws an Error with a readable message if it cannot
 * be written.
 */
export function writePrivately(path: string, text: string): void {
  // Nobody can have put a link there that would be followed.
  const fresh = `${path}.${randomBytes(8).toString('hex')}.new`;
  try {
    const file = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Error(`${path} cannot be written${code}`);
  }
}
