import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withLock } from './lock.mjs';
import { emptyFolder } from './test-folder.ts';

const freshPath = () => join(emptyFolder(), 'setup.lock');

it('work under a lock starts after the previous work has ended', async () => {
  const path = freshPath();
  const order: string[] = [];
  const waited = Promise.withResolvers<void>();
  const first = withLock(
    path,
    async () => {
      order.push('first begins');
      await waited.promise;
      order.push('first ends');
    },
    () => order.push('first waits'),
  );
  const second = withLock(
    path,
    () => order.push('second'),
    (pid) => {
      expect(pid).toBe(process.pid);
      order.push('second waits');
      waited.resolve();
    },
  );
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second']);
  expect(existsSync(path)).toBe(false);
});

it('a lock is released when the work fails', async () => {
  const path = freshPath();
  const failed = withLock(
    path,
    () => Promise.reject(new Error('no network')),
    () => {},
  );
  await expect(failed).rejects.toThrow('no network');
  expect(existsSync(path)).toBe(false);
});

it('a lock whose process is gone is ignored', async () => {
  const path = freshPath();
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(path, String(pid));
  let waits = 0;
  expect(
    await withLock(
      path,
      () => 'done',
      () => waits++,
    ),
  ).toBe('done');
  expect(waits).toBe(0);
});
