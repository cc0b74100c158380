import { createPublicKey, generateKeyPair } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { readPrivateKey } from '../../config/private-key.ts';
import { SetupTrouble } from './trouble.ts';
import { writePrivately } from './write-privately.ts';

/** Where a key is kept when nobody says where. */
export const USUAL_KEY_FILE = 'private.key';

/** The private key of the installation, or where it will be. */
export type KeyAtHand =
  | { kind: 'there'; privateKey: string; publicKey: string; file: string | undefined; isOpen: boolean }
  | { kind: 'new'; file: string };

/**
 * The key that VONAGE_PRIVATE_KEY names or holds. `isOpen`: others on this machine can read its file.
 * Throws a SetupTrouble where there is something that is no key.
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
      'Move that file away, or let VONAGE_PRIVATE_KEY name another: one that is not there yet is made.',
    );
  }
}

/** Makes a key pair of RSA, 2048 bits. The private half is in the file when this is done, for its owner alone. */
export async function makeKeyPair(file: string): Promise<{ privateKey: string; publicKey: string }> {
  const { privateKey: pem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writePrivately(file, pem);
  return { privateKey: pem, publicKey: publicHalf(pem) };
}

/** Lets nobody but its owner read a file. */
export function closeFile(file: string): void {
  chmodSync(file, 0o600);
}

/** Whether two public keys are one, however they are written. */
export function isSameKey(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  try {
    return createPublicKey(one).equals(createPublicKey(other));
  } catch {
    return false;
  }
}

/** The public half of a private key, as PEM. */
export function publicHalf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
