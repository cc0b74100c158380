import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** A program of the project in its own process. */
export interface Program extends AsyncDisposable {
  child: ChildProcess;
  /** Its output so far, both streams. */
  printed(): string;
  /** The first match of a pattern in its output. Rejects if the program ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends it a stop signal, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface ProgramOptions {
  /** Default: the root of the project. */
  folder?: string;
  environment?: Record<string, string>;
  /** Arguments of the shell's `ulimit` before the program starts. */
  limits?: string;
}

/** Starts `node FILE ARGS` in `folder`, with only `environment` and the path in its environment. */
export function startProgram(
  file: string,
  args: string[],
  { folder, environment, limits }: ProgramOptions = {},
): Program {
  const command = [process.execPath, resolve(ROOT, file), ...args];
  // The shell becomes the program: it has the same process id.
  if (limits !== undefined) command.unshift('/bin/sh', '-c', `ulimit ${limits} && exec "$0" "$@"`);
  // Tests start hundreds of programs.
  const cache = { NODE_COMPILE_CACHE: resolve(ROOT, 'node_modules/.cache/node-compile') };
  return startCommand(command, {
    ...(folder !== undefined && { folder }),
    environment: { ...cache, ...environment },
  });
}

/** Starts any program, with only `environment` and the path in its environment. */
export function startCommand(
  command: readonly string[],
  { folder = ROOT, environment = {} }: Omit<ProgramOptions, 'limits'> = {},
): Program {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      tell();
    });
  }
  const over = new Promise<number | null>((done) => child.once('exit', done));
  over.then(tell);
  const stop = () => {
    child.kill('SIGTERM');
    return over;
  };
  return {
    child,
    printed: () => text,
    prints: (pattern) =>
      new Promise((done, failed) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found) done(found);
          else if (child.exitCode !== null) failed(new Error(`${file} ended (${child.exitCode}): ${text}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
  };
}
