import { existsSync } from 'node:fs';
import { findChromium } from './chromium.mjs';
import { scriptEnv } from './node-runtime.mjs';
import { run } from './run.mjs';

/** Step: installs Chromium for the tests. */
export function browser(root) {
  if (findChromium()) return undefined;
  const isRoot = process.getuid?.() === 0;
  const env = { ...scriptEnv(root), DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run('apt-get', [...args, '-qq'], { env });
  // Only root can also install the system libraries.
  const extras = isRoot && process.platform === 'linux' ? ['--with-deps'] : [];
  const playwright = ['node_modules/playwright-core/cli.js', 'install', ...extras, 'chromium'];

  const ways = [
    async () => {
      if (!isRoot || !existsSync('/etc/debian_version')) throw new Error('not as root on Debian.');
      await apt('update');
      await apt('install', '-y', '--no-install-recommends', 'chromium-headless-shell');
    },
    () => run('node', playwright, { cwd: root, env }),
  ];
  return {
    saying: 'Installing Chromium for the tests',
    async run() {
      const faults = [];
      for (const way of ways) {
        await way().catch((error) => faults.push(error.message));
        const found = findChromium();
        if (found) return found;
      }
      throw new Error(
        `Chromium could not be installed. Install it, and set CHROMIUM_PATH if it is not in the PATH.\nDebian's package: ${faults[0] ?? 'it does not run.'}\nPlaywright's download: ${faults[1] ?? 'it does not run.'}`,
      );
    },
  };
}
