import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressFolder } from './compress.mjs';
import { contentHash } from './content-hash.mjs';
import { scriptEnv } from './node-runtime.mjs';
import { run } from './run.mjs';

const SETTINGS = ['tsconfig.json', 'tsconfig.pages.json', 'package-lock.json'];

/** The pages with their output folders and sources. */
const builds = [
  {
    name: 'agent page',
    config: 'client/vite.config.ts',
    output: 'dist/pages',
    sources: ['client', 'ui', 'domain', ...SETTINGS],
  },
  {
    name: 'phone page',
    config: 'emulator/phone/page/vite.config.ts',
    output: 'dist/phone',
    sources: ['emulator/phone', 'emulator/media/key-frequencies.ts', 'ui', ...SETTINGS],
  },
  {
    name: 'inspector',
    config: 'emulator/inspector/vite.config.ts',
    output: 'dist/inspector',
    sources: ['emulator/inspector', 'emulator/traffic', 'ui', ...SETTINGS],
  },
];

/** Step: builds pages whose sources have changed. */
export function pages(root) {
  if (!existsSync(join(root, 'node_modules/vite'))) {
    // A production installation comes with built pages.
    if (existsSync(join(root, 'dist/pages'))) return undefined;
    return {
      saying: 'Checking the pages',
      run() {
        throw new Error(
          'The pages are not built, and Vite is not installed. Run "npm run build" on a machine with the development dependencies, and copy dist/ here.',
        );
      },
    };
  }
  const stale = builds.filter((build) => stampOf(root, build) !== contentHash(root, build.sources));
  if (stale.length === 0) return undefined;
  return {
    saying: `Building ${enumerate(stale.map(({ name }) => `the ${name}`))}`,
    run: () => Promise.all(stale.map((build) => buildPage(root, build))),
  };
}

function enumerate(names) {
  return new Intl.ListFormat('en').format(names);
}

async function buildPage(root, build) {
  const hash = contentHash(root, build.sources);
  try {
    const vite = ['node_modules/vite/bin/vite.js', 'build', '--config', build.config];
    await run('node', vite, { cwd: root, env: scriptEnv(root) });
  } catch (error) {
    throw new Error(`The ${build.name} could not be built by Vite: ${error.message}`);
  }
  await compressFolder(join(root, build.output));
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampPath(root, build), hash);
}

function stampOf(root, build) {
  const stamp = stampPath(root, build);
  return existsSync(stamp) && existsSync(join(root, build.output)) ? readFileSync(stamp, 'utf8') : undefined;
}

function stampPath(root, build) {
  return join(root, `${build.output}.sha256`);
}
