import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.mjs';
import { emptyFolder } from './test-folder.ts';

function folderWith(name: string, exitCode: number): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\nexit ${exitCode}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

describe('a Chromium', () => {
  it('is found in the PATH', () => {
    const folder = folderWith('google-chrome', 0);
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(join(folder, 'google-chrome'));
  });

  it('without windows is preferred, wherever it is in the PATH', () => {
    const shell = folderWith('chromium-headless-shell', 0);
    expect(findChromium({ PATH: `${folderWith('chromium', 0)}:${shell}` })).toBe(
      join(shell, 'chromium-headless-shell'),
    );
  });

  it('that does not run is skipped', () => {
    const broken = folderWith('chromium', 1);
    const works = folderWith('google-chrome-stable', 0);
    expect(findChromium({ PATH: `${broken}:${works}` })).toBe(join(works, 'google-chrome-stable'));
  });

  it('may be configured, and must then run', () => {
    const named = join(folderWith('my-browser', 0), 'my-browser');
    expect(findChromium({ PATH: '', CHROMIUM_PATH: named })).toBe(named);
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(
      'CHROMIUM_PATH is "/nowhere/chromium", and that does not run.',
    );
  });
});
