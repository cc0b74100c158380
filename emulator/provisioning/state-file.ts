import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { World } from '../world.ts';
import type { PlatformState } from './state.ts';
import { platformState } from './state.ts';

/** Milliseconds that changes are gathered before they are written. */
const GATHER = 100;

/** Reads a state file; undefined if it does not exist. Throws, with a message that names it, if it cannot be used. */
export async function readState(path: string): Promise<PlatformState | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`The emulator's state file ${path} cannot be read (${error.code ?? error.message}).`);
  });
  if (text === undefined) return undefined;
  const refuse = (why: string) =>
    new Error(
      `The emulator's state file ${path} is damaged: ${why}. Mend it, or remove it to begin with a new account.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('it is not valid JSON');
  }
  const parsed = platformState.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.');
  throw refuse(`${place ? `${place}: ` : ''}${issue?.message ?? 'it does not hold accounts'}`);
}

/** A file that follows what it is given. */
export interface StateFile {
  /** Writes soon, together with what else changes meanwhile. */
  changed(): void;
  /** Writes what is left. Rejects, with words, when that fails. */
  close(): Promise<void>;
}

/**
 * Keeps a state in a file that only its owner can read: a reader sees the old or the new one, never a part. Makes the
 * folder of the file where there is none.
 * @param log told, in words, when a write failed; the next change tries again.
 */
export function createStateFile(
  path: string,
  state: () => PlatformState,
  world: World,
  log: (line: string) => void,
): StateFile {
  let cancel: (() => void) | undefined;
  let isUnwritten = false;
  let writing: Promise<void> = Promise.resolve();

  const write = () => {
    cancel = undefined;
    const next = async () => {
      isUnwritten = false;
      await replaceFile(path, `${JSON.stringify(state(), null, 2)}\n`).catch((error: unknown) => {
        isUnwritten = true;
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`The emulator's state file ${path} could not be written: ${why}`);
      });
    };
    writing = writing.then(next, next);
    return writing;
  };

  return {
    changed() {
      isUnwritten = true;
      cancel ??= world.after(GATHER, () => {
        world.trackPending(write()).catch((error: Error) => log(error.message));
      });
    },
    async close() {
      cancel?.();
      await writing.catch(() => {});
      if (isUnwritten) await write();
    },
  };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
