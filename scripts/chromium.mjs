import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

// Prefer the headless shell: it opens a page in a third of the time.
const names = [
  'chromium-headless-shell',
  'chromium',
  'google-chrome-stable',
  'google-chrome',
  'chromium-browser',
];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Path of a working Chromium: CHROMIUM_PATH, else from the PATH, else Playwright's download; undefined if
 * there is none. Throws an Error with a readable message if CHROMIUM_PATH does not run.
 */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) {
    if (runs(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH is ${JSON.stringify(env.CHROMIUM_PATH)}, and that does not run.`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const inPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...inPath, ...applications].find(runs) ?? [downloaded()].find(runs);
}

/** Runs it, because an executable may only print that another package is needed, as on Ubuntu. */
function runs(path) {
  return path !== undefined && existsSync(path) && spawnSync(path, ['--version']).status === 0;
}

function downloaded() {
  try {
    return createRequire(import.meta.url)('playwright-core').chromium.executablePath();
  } catch {
    return undefined; // not installed, or nothing for this machine
  }
}
