import { createHash } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Path of a folder's lock. It is outside the folder, because npm deletes node_modules while it works. */
export function lockPath(root) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `switchboard-setup-${name}.lock`);
}

/**
 * Runs `work` while no other process holds the lock. Otherwise calls `onWait` with that process's id and
 * waits. A lock whose process is gone is ignored.
 */
export async function withLock(path, work, onWait) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    let told = false;
    // A symlink is created atomically with its content, so a lock always names its owner.
    while (!link(mine, path)) {
      const owner = ownerOf(path);
      if (owner === undefined) continue;
      if (!isAlive(owner)) {
        rmSync(path, { force: true });
        continue;
      }
      if (!told) onWait(owner);
      told = true;
      await wait(200);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    if (ownerOf(path) === process.pid) rmSync(path, { force: true });
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // released in the meantime
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
