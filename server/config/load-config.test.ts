import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing.ts';
import { loadConfig } from './load-config.ts';

describe('the file .env', () => {
  const file = () => join(emptyFolder(), '.env');

  it('may be missing', () => {
    expect(loadConfig({}, file())).toMatchObject({ ok: true, config: { port: 3000 } });
  });

  it('sets what the environment does not', () => {
    const path = file();
    writeFileSync(path, '\uFEFFPORT=4000\nAGENTS=Zoë\n');
    expect(loadConfig({ AGENTS: 'Alice' }, path)).toMatchObject({
      ok: true,
      config: { port: 4000, agents: ['Alice'] },
    });
  });

  it.each<[string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'it is a folder'],
    [
      'UTF-16',
      (path) => writeFileSync(path, Buffer.from('\uFEFFPORT=4000\n', 'utf16le')),
      'it must be saved as UTF-8 text',
    ],
    [
      'UTF-16 without a mark',
      (path) => writeFileSync(path, Buffer.from('PORT=4000\n', 'utf16le')),
      'it must be saved as UTF-8 text',
    ],
  ])('that is %s is an error, not a reason to start the emulator', (_what, make, why) => {
    const path = file();
    make(path);
    expect(loadConfig({}, path)).toEqual({ ok: false, faults: [`${path} cannot be read: ${why}`] });
  });

  // root reads everything
  it.skipIf(process.getuid?.() === 0)('that belongs to another user is an error', () => {
    const path = file();
    writeFileSync(path, 'PORT=4000\n');
    chmodSync(path, 0);
    expect(loadConfig({}, path)).toEqual({
      ok: false,
      faults: [`${path} cannot be read: this user may not read it`],
    });
  });
});
