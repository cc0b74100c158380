// Makes a fresh clone ready to run, before npm runs a script: node setup/prepare.mjs [dev] [pages] [browser]
//   dev       the development dependencies must be there, not only those of the server
//   pages     the pages must be built
//   browser   a Chromium must be there
// Each step says what it does, and costs nothing where nothing is to be done. Plain JavaScript without
// dependencies, because it runs on Node 20 and before anything is installed.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser } from './browser.mjs';
import { dependencies } from './dependencies.mjs';
import { lockPath, withLock } from './lock.mjs';
import { nodeRuntime } from './node-runtime.mjs';
import { pages } from './pages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = new Set(process.argv.slice(2));
const steps = [
  () => dependencies(root, { devNeeded: wanted.has('dev') }),
  () => nodeRuntime(root),
  () => (wanted.has('pages') ? pages(root) : undefined),
  () => (wanted.has('browser') ? browser(root) : undefined),
];

async function runSteps() {
  for (const step of steps) {
    const work = step();
    if (!work) continue;
    process.stdout.write(`${work.saying} … `);
    const began = performance.now();
    const result = await work.run();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`done in ${seconds} s${result ? `: ${result}` : ''}\n`);
  }
}

try {
  if (steps.some((step) => step() !== undefined)) {
    await withLock(lockPath(root), runSteps, (pid) => {
      console.log(`Waiting for another set-up of this folder (process ${pid}).`);
    });
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
