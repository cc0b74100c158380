import { spawnSync } from 'node:child_process';

/**
 * Runs npm, the same one that runs this script where there is one. Says nothing while it goes well;
 * throws an Error with npm's own words where it does not.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
  // node_modules/.bin/node comes first in the PATH of scripts, and npm is about to replace it: use the
  // Node that npm itself was started with.
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  const [command, ...before] = script?.endsWith('npm-cli.js') ? [node, script] : ['npm'];
  const options = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, [...before, ...options], {
    cwd,
    encoding: 'utf8',
    shell: command === 'npm' && process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) throw new Error(`npm could not be started (${result.error.message}).`);
  if (result.status !== 0) {
    const words = `${result.stdout}\n${result.stderr}`.trim();
    throw new Error(`npm ${args.join(' ')} failed. It said:\n\n${words}\n`);
  }
}
