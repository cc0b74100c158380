import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type Program, startCommand } from '../../support/program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The user of the image: it has no name, and owns nothing. */
export const USER = 65_532;

/** The libraries of the base image: those of C and C++. */
const BASE = /^(?:ld-linux[\w-]*|lib(?:c|m|dl|pthread|rt|gcc_s|stdc\+\+))\.so/;

/** Whether a test may give a process a root and mounts of its own on this machine. */
export const canContain =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'setpriv', '--no-new-privs', 'true']).status === 0;

/** Starts a process that sees only `root`, may write only in `data`, and has no rights. */
const ENTER = `
set -eu
root=$1 data=$2 node=$3
shift 3
mount --bind "$root" "$root"
mount --bind "$node" "$root/usr/local/bin/node"
mount --bind "$data" "$root/data"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec=${USER}:${USER} "$root" "$@"
`;

const words = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string()));

/** What the Dockerfile says of its last stage. */
export function lastStage() {
  const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
  const own = text.slice(text.lastIndexOf('\nFROM '));
  const list = (line: RegExp) => words.parse(line.exec(own)?.[1]);
  return {
    start: [...list(/^ENTRYPOINT (\[.*\])$/m), ...list(/^CMD (\[.*\])$/m)],
    healthCheck: list(/^HEALTHCHECK .*? CMD (\[.*\])$/m),
    environment: Object.fromEntries(
      [...own.matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
    ),
  };
}

/** An image, as the steps of the Dockerfile make it. */
export interface Image {
  /** Its files. */
  root: string;
  /** A volume that its user may write; removed after the test. */
  volume(): string;
  /** Starts the server with a volume. */
  start(volume: string, environment: Record<string, string>): Program;
  /** Runs another command. */
  run(volume: string, command: readonly string[], environment: Record<string, string>): Program;
  isHealthy(environment: Record<string, string>): Promise<boolean>;
  remove(): void;
}

export function makeImage(): Image {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-image-'));
  chmodSync(folder, 0o755);
  const root = join(folder, 'root');
  for (const each of ['app', 'data', 'dev', 'proc', 'usr/local/bin']) {
    mkdirSync(join(root, each), { recursive: true });
  }
  writeFileSync(join(root, 'usr/local/bin/node'), '');
  execFileSync(process.execPath, [join(ROOT, 'deploy/image.mjs'), join(root, 'app')]);
  copyLibraries(root);
  const { start, healthCheck, environment: usual } = lastStage();
  const image: Image = {
    root,
    volume() {
      const path = mkdtempSync(join(folder, 'volume-'));
      chownSync(path, USER, USER);
      return path;
    },
    start: (volume, environment) => image.run(volume, start, environment),
    run: (volume, command, environment) =>
      startCommand(
        ['unshare', '--mount', '/bin/sh', '-c', ENTER, 'sh', root, volume, process.execPath, ...command],
        { folder: '/', environment: { ...usual, ...environment } },
      ),
    async isHealthy(environment) {
      const { child } = image.run(image.volume(), healthCheck, environment);
      return (await new Promise((done) => child.once('exit', done))) === 0;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return image;
}

/** Gives a root the libraries that Node needs, if its base image has them. */
function copyLibraries(root: string): void {
  const needed = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  for (const [, path = ''] of needed.matchAll(/(\/\S+) \(0x/g)) {
    if (!BASE.test(basename(path)))
      throw new Error(`Node needs ${path}, which the base image does not have.`);
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
}
