import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { type ConfigResult, parseConfig, USUAL_DESK_FILE } from './config.ts';

/** Reads .env and the environment, which takes precedence. An unreadable .env is an error. */
export function loadConfig(
  env: Record<string, string | undefined> = process.env,
  file = '.env',
): ConfigResult {
  const fault = loadEnvFile(env, file);
  if (fault !== undefined) return { ok: false, faults: [fault] };
  const usualDeskFile = existsSync(USUAL_DESK_FILE) ? USUAL_DESK_FILE : undefined;
  return parseConfig(env, (path) => readFileSync(path, 'utf8'), usualDeskFile);
}

/** Adds the variables of a .env file to an environment. Returns a readable error if there is one. */
export function loadEnvFile(env: Record<string, string | undefined>, file = '.env'): string | undefined {
  try {
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    Object.assign(env, { ...parse(readTextFile(file) ?? ''), ...given });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The text of a file; undefined where there is none. Throws an Error in words where it cannot be read. */
export function readTextFile(file: string): string | undefined {
  const unreadable = (why: string) => new Error(`${file} cannot be read: ${why}`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    throw unreadable(reasons.get(code) ?? String(code ?? error));
  }
  const text = decode(bytes);
  if (text === undefined || text.includes('\0')) throw unreadable('it must be saved as UTF-8 text');
  return text;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const reasons = new Map<unknown, string>([
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
  ['EISDIR', 'it is a folder'],
]);
