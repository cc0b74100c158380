import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';

/** The packages that the lock file asks for and that are not installed in that version, by path. */
export function missingPackages(lock, installed, { dev }) {
  return (
    Object.entries(lock.packages ?? {})
      .filter(([path, entry]) => path !== '' && !entry.link && (dev || !entry.dev))
      // Optional packages may be absent: most of them are for other machines.
      .filter(([, entry]) => !entry.optional && !entry.devOptional)
      .filter(([path, entry]) => installed.packages?.[path]?.version !== entry.version)
      .map(([path]) => path)
  );
}

/**
 * Whether the development dependencies are wanted: where a script needs them, and else unless somebody
 * left them out, by asking npm to or by an installation that is complete but for them.
 */
export function wantsDev(lock, installed, { needed, env }) {
  if (needed) return true;
  if (env.NODE_ENV === 'production' || /\bdev\b/.test(env.npm_config_omit ?? '')) return false;
  const packages = Object.values(installed.packages ?? {});
  const isProduction =
    packages.length > 0 &&
    !packages.some((entry) => entry.dev) &&
    missingPackages(lock, installed, { dev: false }).length === 0;
  return !isProduction;
}

/** Step: what package-lock.json lists is in node_modules, whoever put it there. */
export function dependencies(root, { devNeeded }) {
  const lock = readLock(join(root, 'package-lock.json'));
  // npm writes down here what it has installed, after it has.
  const installed = readLock(join(root, 'node_modules/.package-lock.json'));
  const dev = wantsDev(lock, installed, { needed: devNeeded, env: process.env });
  const isThere = Object.keys(installed.packages ?? {}).every((path) => existsSync(join(root, path)));
  if (isThere && missingPackages(lock, installed, { dev }).length === 0) return undefined;
  return {
    saying: `Installing the dependencies${dev ? '' : ' without those for development'} (once; about a minute)`,
    run: () => npm(['ci', dev ? '--include=dev' : '--omit=dev'], root),
  };
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
