// Makes a fresh clone ready to run, before npm runs a script: node scripts/prepare.mjs [dev] [pages] [browser]
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

/** The pending work, determined again on each call. */
const work = {
  modules: () => dependencies(root, { devNeeded: wanted.has('dev') }),
  node: (modules) => nodeRuntime(root, { replaced: modules !== undefined }),
  pages: () => (wanted.has('pages') ? pages(root) : undefined),
  browser: () => (wanted.has('browser') ? browser(root) : undefined),
};

function isReady() {
  return !work.modules() && !work.node() && !work.pages() && !work.browser();
}

async function makeReady() {
  const modules = work.modules();
  const node = work.node(modules);
  const installed = perform(modules);
  await Promise.all([installed, perform(node, installed)]);
  await perform(work.pages());
  await perform(work.browser());
}

async function perform(step, ...args) {
  if (!step) return;
  console.log(`${step.saying} …`);
  const began = performance.now();
  const result = await step.run(...args);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${step.saying}: done in ${seconds} s${typeof result === 'string' ? `, ${result}` : ''}`);
}

try {
  if (!isReady()) {
    await withLock(lockPath(root), makeReady, (pid) => {
      console.log(`Waiting for another setup of this folder (process ${pid}).`);
    });
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
