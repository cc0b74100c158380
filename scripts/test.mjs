// npm test: every test, and beside them `npm run check`, which hardly needs the cores while tests wait.
// What check says comes after what the tests say. Ends with 1 where either fails; arguments go to vitest.
import { spawn } from 'node:child_process';

/** Each leads a group of its own, so that whatever it started ends with it. */
const isGroup = process.platform !== 'win32';
const running = new Set();

function begin(args, stdio) {
  const child = spawn(process.execPath, args, { stdio, detached: isGroup });
  running.add(child);
  const over = new Promise((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve(code === 0);
    });
  });
  return { child, over };
}

function stop() {
  for (const child of running) {
    if (isGroup) process.kill(-child.pid, 'SIGTERM');
    else child.kill();
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

const check = begin(['--run', 'check'], ['ignore', 'pipe', 'pipe']);
let said = '';
for (const stream of [check.child.stdout, check.child.stderr]) {
  stream.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
}
const tests = begin(
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
  ['ignore', 'inherit', 'inherit'],
);

const areGood = await tests.over;
const isClean = await check.over;
console.log(said);
console.log(
  `check: ${isClean ? 'nothing to complain of' : 'FAILED'}   tests: ${areGood ? 'passed' : 'FAILED'}`,
);
process.exitCode = areGood && isClean ? 0 : 1;
