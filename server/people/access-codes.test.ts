import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing.ts';
import { accessCodesIn, forgetCode } from './access-codes.ts';

describe('generated access codes', () => {
  it('are generated once, stored, and readable only by their owner', () => {
    const file = join(emptyFolder(), 'data', 'access-codes.json');
    const first = accessCodesIn(file, ['Alice', 'Bob']);
    expect([...first.keys()]).toEqual(['Alice', 'Bob']);
    for (const code of first.values()) expect(code).toMatch(/^([a-z2-9]{4}-){2}[a-z2-9]{4}$/);
    expect(first.get('Alice')).not.toBe(first.get('Bob'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(accessCodesIn(file, ['Alice', 'Bob'])).toEqual(first);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(Object.fromEntries(first));
  });

  it('are added for new agents, and kept for former ones', () => {
    const file = join(emptyFolder(), 'access-codes.json');
    const first = accessCodesIn(file, ['Alice']);
    const second = accessCodesIn(file, ['Bob']);
    expect([...second.keys()]).toEqual(['Bob']);
    expect(accessCodesIn(file, ['Alice', 'Bob'])).toEqual(new Map([...first, ...second]));
  });

  it.runIf(process.getuid?.() === 0)('stay with the owner of the folder when root changes them', () => {
    const folder = emptyFolder();
    chownSync(folder, 65_532, 65_533);
    const file = join(folder, 'access-codes.json');
    accessCodesIn(file, ['Alice', 'Bob']);
    forgetCode(file, 'Bob');
    expect(statSync(file)).toMatchObject({ uid: 65_532, gid: 65_533 });
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['Alice']);
    chownSync(file, 0, 0);
    accessCodesIn(file, ['Alice', 'Carol']);
    expect(statSync(file)).toMatchObject({ uid: 65_532, gid: 65_533 });
  });

  it('overwrite nothing that a link in their folder leads to', () => {
    const [folder, elsewhere] = [emptyFolder(), join(emptyFolder(), 'elsewhere')];
    writeFileSync(elsewhere, '{}', { mode: 0o644 });
    if (process.getuid?.() === 0) chownSync(folder, 65_532, 65_533);
    const file = join(folder, 'access-codes.json');
    for (const name of [file, `${file}.${process.pid}`]) symlinkSync(elsewhere, name);
    const before = statSync(elsewhere);
    accessCodesIn(file, ['Alice']);
    expect(readFileSync(elsewhere, 'utf8')).toBe('{}');
    expect(statSync(elsewhere)).toMatchObject({ uid: before.uid, gid: before.gid, mode: before.mode });
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('cause a readable error if the file is invalid', () => {
    const file = join(emptyFolder(), 'access-codes.json');
    writeFileSync(file, '{"Alice": "short"}');
    expect(() => accessCodesIn(file, ['Alice'])).toThrow(
      `${file} must be a JSON object of names and codes. Fix it, or delete it to generate new codes.`,
    );
    const folder = join(emptyFolder(), 'access-codes.json');
    mkdirSync(folder);
    expect(() => accessCodesIn(folder, ['Alice'])).toThrow(
      `The access codes in ${folder} cannot be read (EISDIR).`,
    );
    const impossible = join(file, 'data', 'access-codes.json');
    expect(() => accessCodesIn(impossible, ['Alice'])).toThrow(/cannot be (read|written)/);
  });
});
