import { run } from './run.mjs';

/** Runs npm, preferably the one that runs this script. Rejects with npm's own message. */
export async function npm(args, cwd) {
  // node_modules/.bin/node is first in the PATH, and npm is about to delete it, so use the Node that started
  // npm.
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  const [command, ...before] = script?.endsWith('npm-cli.js') ? [node, script] : ['npm'];
  const shell = command === 'npm' && process.platform === 'win32';
  try {
    await run(command, [...before, ...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, shell });
  } catch (error) {
    throw new Error(`npm ${args.join(' ')} failed: ${error.message}`);
  }
}
