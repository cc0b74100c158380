import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

// Without letters and digits that are easily confused.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * The access codes in a file, by agent. Generates missing codes and adds them to the file, which only its
 * owner can read. Throws an Error with a readable message if the file cannot be used.
 */
export function accessCodesIn(file: string, agents: readonly string[]): ReadonlyMap<string, string> {
  const codes = new Map(Object.entries(readCodes(file)));
  const newcomers = agents.filter((agent) => !codes.has(agent));
  for (const agent of newcomers) codes.set(agent, newCode());
  if (newcomers.length > 0) writeCodes(file, codes);
  return new Map(agents.map((agent) => [agent, codes.get(agent) ?? newCode()]));
}

/** Removes someone's code from the file, if it is there: another code is valid, or none. */
export function forgetCode(file: string, agent: string): void {
  const codes = new Map(Object.entries(readCodes(file)));
  if (codes.delete(agent)) writeCodes(file, codes);
}

/** Twelve characters in groups of four: 59 bits. */
export function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group()].join('-');
}

function readCodes(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`The access codes in ${file} cannot be read${reason(error)}.`);
  }
  try {
    return z.record(z.string(), z.string().min(8)).parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} must be a JSON object of names and codes. Fix it, or delete it to generate new codes.`,
    );
  }
}

function writeCodes(file: string, codes: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, `${JSON.stringify(Object.fromEntries(codes), null, 2)}\n`);
  } catch (error) {
    throw new Error(
      `The access codes cannot be written to ${file}${reason(error)}. Set DATA_DIR to a folder that can be written, or set AGENT_CODES.`,
    );
  }
}

/**
 * Replaces a file atomically. Root may do so in a folder of somebody whom it must not trust, so it follows no link that
 * waits there: it writes and hands over only what it has just created.
 */
function replaceFile(file: string, text: string): void {
  const fresh = `${file}.${randomBytes(8).toString('hex')}`;
  const created = openSync(fresh, 'wx', 0o600);
  try {
    try {
      writeFileSync(created, text);
      // A command that root runs must not lock out the server, which runs as the owner of the folder.
      const { uid, gid } = statSync(dirname(file));
      if (process.getuid?.() === 0 && uid !== 0) fchownSync(created, uid, gid);
    } finally {
      closeSync(created);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}

/** Whether two codes are equal, compared in constant time. */
export function isSameCode(right: string, code: string): boolean {
  // Hashes have equal lengths, as timingSafeEqual requires, and hide the length of the code.
  return timingSafeEqual(sha256(right), sha256(code));
}

/** Compared with where there is no hash, so that an unknown name takes as long as a known one. */
export const NO_HASH: string = `scrypt:${'0'.repeat(32)}:${'0'.repeat(64)}`;

/** A slow, salted hash of a code, from which nobody can guess it. */
export async function hashCode(
  code: string,
  salt: string = randomBytes(16).toString('hex'),
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(code, salt, 32, (error, key) => (error === null ? resolve(key) : reject(error)));
  return `scrypt:${salt}:${(await promise).toString('hex')}`;
}

/** Whether a hash is that of this code. */
export async function isCodeOf(hash: string, code: string): Promise<boolean> {
  const [, salt = ''] = hash.split(':');
  return isSameCode(hash, await hashCode(code, salt));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Finds an agent by name, ignoring case unless two names differ only in case. */
export function namedAgent(written: string, names: Iterable<string>): string {
  const name = written.trim();
  const alike = [...names].filter((other) => other.toLowerCase() === name.toLowerCase());
  const [only, ...others] = alike;
  return only !== undefined && others.length === 0 ? only : name;
}
