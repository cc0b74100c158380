import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { World } from '../world.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const generate = promisify(generateKeyPair);

/** A key pair as Vonage's dashboard makes it: RSA 2048, PEM. */
export function makeKeys(): Promise<{ publicKey: string; privateKey: string }> {
  return generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A secret of `length` letters and digits. */
export function makeSecret(world: World, length: number): string {
  return Array.from({ length }, () => {
    // Four bytes: the remainder then favours no letter noticeably.
    const chance = Number.parseInt(world.hex(4), 16);
    return ALPHABET[chance % ALPHABET.length];
  }).join('');
}
