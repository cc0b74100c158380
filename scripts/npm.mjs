import { run } from './run.mjs';

/** Runs npm, the one that runs this script where there is one. Rejects with npm's own words. */
export async function npm(args, cwd) {
  // node_modules/.bin/node comes first in the PATH of scripts, and npm is about to remove it: take the
  // Node that npm itself was started with.
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  const [command, ...before] = script?.endsWith('npm-cli.js') ? [node, script] : ['npm'];
  const shell = command === 'npm' && process.platform === 'win32';
  try {
    await run(command, [...before, ...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, shell });
  } catch (error) {
    throw new Error(`npm ${args.join(' ')} failed: ${error.message}`);
  }
}
