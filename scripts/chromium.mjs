import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

// The shell first: it draws no window around a page, and opens one in a third of the time.
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
 * Path of a Chromium that runs: CHROMIUM_PATH, else one in the PATH, else the one that Playwright has
 * downloaded; undefined where there is none. Throws an Error in words where CHROMIUM_PATH is set and
 * does not run.
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

/** An executable may be there and only say that another package is needed, as Ubuntu's does. */
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
