import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { type ConfigResult, parseConfig } from './config.ts';

/** Reads the file .env and the environment, which wins. A .env that is there and cannot be read is a fault. */
export function loadConfig(
  env: Record<string, string | undefined> = process.env,
  file = '.env',
): ConfigResult {
  const fault = loadEnvFile(env, file);
  if (fault !== undefined) return { ok: false, faults: [fault] };
  return parseConfig(env, (path) => readFileSync(path, 'utf8'));
}

/** Adds what a .env file sets to an environment. Returns what is wrong with the file, in words. */
export function loadEnvFile(env: Record<string, string | undefined>, file = '.env'): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    return `${file} cannot be read: ${reasons.get(code) ?? String(code ?? error)}`;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return `${file} cannot be read: it must be saved as UTF-8 text`;
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    Object.assign(env, { ...parse(text), ...given });
    return undefined;
  } catch {
    return `${file} cannot be read: it must be saved as UTF-8 text`;
  }
}

const reasons = new Map<unknown, string>([
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
  ['EISDIR', 'it is a folder'],
]);
