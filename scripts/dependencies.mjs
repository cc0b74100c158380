import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';

/** Paths of locked packages that are not installed in the locked version. */
export function missingPackages(lock, installed, { dev }) {
  return (
    Object.entries(lock.packages ?? {})
      .filter(([path, entry]) => path !== '' && !entry.link && (dev || !entry.dev))
      // Optional packages may be absent: most are for other platforms.
      .filter(([, entry]) => !entry.optional && !entry.devOptional)
      .filter(([path, entry]) => installed.packages?.[path]?.version !== entry.version)
      .map(([path]) => path)
  );
}

/**
 * Whether to install development dependencies: yes if a script needs them, otherwise unless npm is told to
 * omit them, or the present installation is complete except for them.
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

/** Step: installs the packages of package-lock.json. */
export function dependencies(root, { devNeeded }) {
  const lock = readLock(join(root, 'package-lock.json'));
  // npm writes this list after it has installed the packages.
  const installed = readLock(join(root, 'node_modules/.package-lock.json'));
  const dev = wantsDev(lock, installed, { needed: devNeeded, env: process.env });
  const isThere = Object.keys(installed.packages ?? {}).every((path) => existsSync(join(root, path)));
  if (isThere && missingPackages(lock, installed, { dev }).length === 0) return undefined;
  return {
    saying: `Installing dependencies${dev ? '' : ' for production'} (once; about a minute)`,
    run: () => npm(['ci', dev ? '--include=dev' : '--omit=dev'], root),
  };
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
