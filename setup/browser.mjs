import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './chromium.mjs';
import { scriptEnv } from './node-runtime.mjs';

/** Step: there is a Chromium for the tests. */
export function browser(root) {
  if (findChromium()) return undefined;
  return {
    saying: 'Installing a Chromium for the tests',
    run() {
      const isRoot = process.getuid?.() === 0;
      const words = [];
      if (isRoot && existsSync('/etc/debian_version')) {
        words.push(run(root, 'apt-get', ['update', '-qq']));
        words.push(run(root, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']));
      }
      if (!findChromium()) {
        // Only the administrator can install the libraries that it needs as well.
        const extras = isRoot && process.platform === 'linux' ? ['--with-deps'] : [];
        words.push(
          run(root, 'node', ['node_modules/playwright-core/cli.js', 'install', ...extras, 'chromium']),
        );
      }
      const found = findChromium();
      if (!found) {
        throw new Error(
          `No Chromium could be installed. Install one, and set CHROMIUM_PATH where it is not in the PATH.\n\n${words.join('\n').trim()}\n`,
        );
      }
      return found;
    },
  };
}

function run(root, command, args) {
  const env = { ...scriptEnv(root), DEBIAN_FRONTEND: 'noninteractive' };
  const { stdout, stderr, error } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
}
