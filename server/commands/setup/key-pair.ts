import { createPublicKey, generateKeyPair } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { readPrivateKey } from '../../config/private-key.ts';
import { SetupTrouble } from './trouble.ts';
import { writePrivately } from './write-privately.ts';

/** The default path of the key. */
export const USUAL_KEY_FILE = 'private.key';

/** The private key of the installation, or its future path. */
export type KeyAtHand =
  | { kind: 'there'; privateKey: string; publicKey: string; file: string | undefined; isOpen: boolean }
  | { kind: 'new'; file: string };

/**
 * The key that VONAGE_PRIVATE_KEY names or contains. `isOpen`: other users can read its file. Throws a
 * SetupTrouble if it is not a valid key.
 */
export function keyAtHand(setting: string | undefined, folder: string): KeyAtHand {
  const value = setting ?? USUAL_KEY_FILE;
  const file = value.includes('-----BEGIN') ? undefined : resolve(folder, value);
  if (file !== undefined && !existsSync(file)) return { kind: 'new', file };
  try {
    const privateKey = readPrivateKey(file ?? value, (path) => readFileSync(path, 'utf8'));
    const isOpen = file !== undefined && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
    return { kind: 'there', privateKey, publicKey: publicHalf(privateKey), file, isOpen };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'cannot be read';
    throw new SetupTrouble(
      'the private key',
      `VONAGE_PRIVATE_KEY ${why}.`,
      'Move the file away, or set VONAGE_PRIVATE_KEY to another path. A missing file is created.',
    );
  }
}

/** Generates a 2048-bit RSA key pair, and writes the private key to the file, readable only by its owner. */
export async function makeKeyPair(file: string): Promise<{ privateKey: string; publicKey: string }> {
  const { privateKey: pem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writePrivately(file, pem);
  return { privateKey: pem, publicKey: publicHalf(pem) };
}

/** Makes a file readable only by its owner. */
export function closeFile(file: string): void {
  chmodSync(file, 0o600);
}

/** Whether two public keys are equal, in any notation. */
export function isSameKey(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  try {
    return createPublicKey(one).equals(createPublicKey(other));
  } catch {
    return false;
  }
}

/** The public key of a private key, as PEM. */
export function publicHalf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
