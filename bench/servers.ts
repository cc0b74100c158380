import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '..');
const READY_MS = 60_000;

/** `server/main.ts` in a process of its own, printing to a file. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface ServerOptions {
  port: number;
  /** Its working folder, where it finds its desk file and keeps its data. */
  folder: string;
  /** Gets what it prints, after what is in it. */
  output: string;
  environment: Record<string, string>;
  /** A file to load before. */
  preload?: string;
}

/** Starts a server and resolves when it is ready. Rejects with its last lines if it ends before. */
export async function startServer({
  port,
  folder,
  output,
  environment,
  preload,
}: ServerOptions): Promise<ServerProcess> {
  const file = openSync(output, 'a');
  const before = preload === undefined ? [] : ['--import', resolve(ROOT, preload)];
  const child = spawn(process.execPath, [...before, resolve(ROOT, 'server/main.ts')], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', file, file],
  });
  endWithThis(child);
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz/server`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) break;
    if (hasEnded(child) || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`A server did not start:\n${readFileSync(output, 'utf8').slice(-2_000)}`);
    }
    await wait(50);
  }
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    url,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Kills a process when this one ends before it. */
export function endWithThis(child: ChildProcess): void {
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** The value of each metric that a server serves, by its name and labels as they are written there. */
export async function metricsOf(url: string): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) throw new Error(`${url}/metrics: ${answer.status}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
