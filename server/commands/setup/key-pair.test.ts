import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, privateKey } from '../../testing.ts';
import { closeFile, isSameKey, keyAtHand, makeKeyPair } from './key-pair.ts';

test('a missing key pair is created, found again, and its private key readable only by its owner', async () => {
  const folder = emptyFolder();
  const before = keyAtHand(undefined, folder);
  expect(before).toEqual({ kind: 'new', file: join(folder, 'private.key') });
  const made = await makeKeyPair(join(folder, 'private.key'));
  expect(readdirSync(folder)).toEqual(['private.key']);
  expect(readFileSync(join(folder, 'private.key'), 'utf8')).toBe(made.privateKey);
  expect(statSync(join(folder, 'private.key')).mode & 0o777).toBe(0o600);
  expect(keyAtHand(undefined, folder)).toMatchObject({ kind: 'there', isOpen: false, ...made });
  expect(
    isSameKey(
      made.publicKey,
      createPublicKey(made.privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    ),
  ).toBe(true);
});

test('a key file that others can read is noticed, and can be closed', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'my.pem'), privateKey, { mode: 0o644 });
  const found = keyAtHand('my.pem', folder);
  expect(found).toMatchObject({ kind: 'there', isOpen: true, privateKey });
  closeFile(join(folder, 'my.pem'));
  expect(keyAtHand('my.pem', folder)).toMatchObject({ isOpen: false });
});

test('a key given as text has no file', () => {
  const found = keyAtHand(privateKey.replaceAll('\n', '\\n'), emptyFolder());
  expect(found).toMatchObject({ kind: 'there', file: undefined, isOpen: false });
});

test('an invalid key is left unchanged and not quoted', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'private.key'), 'my diary');
  expect(() => keyAtHand(undefined, folder)).toThrow(/^VONAGE_PRIVATE_KEY .*no usable private key\.$/);
  expect(readFileSync(join(folder, 'private.key'), 'utf8')).toBe('my diary');
});

test('unreadable keys are never equal', () => {
  expect(isSameKey('nonsense', 'nonsense')).toBe(false);
  expect(isSameKey(undefined, undefined)).toBe(false);
});
