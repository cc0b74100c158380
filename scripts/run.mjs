import { spawn } from 'node:child_process';

/**
 * Runs a program quietly. Gives what it wrote when it ends well; rejects with an Error that holds it
 * when it does not.
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        words += text;
      });
    }
    child.on('error', (error) => reject(new Error(`${command} could not be started (${error.message}).`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(words);
      else reject(new Error(`it ended with ${signal ?? code} and said:\n\n${words.trim()}\n`));
    });
  });
}
