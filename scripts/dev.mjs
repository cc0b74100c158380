// npm run dev: restarts the server when its code changes, and rebuilds the pages when theirs does.
// With -- --tunnel, calls arrive through a tunnel; with -- --tunnel=URL, through one that is already open.
// This process owns all others: they end with it, and it ends when the first of them does.
import { spawn } from 'node:child_process';

const vite = ['node_modules/vite/bin/vite.js', 'build', '--watch', '--logLevel', 'warn', '--config'];
const children = [];
const stop = () => children.forEach((child) => void child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

function begin(args, { environment = {}, channels = [] } = {}) {
  const stdio = ['ignore', 'inherit', 'inherit', ...channels];
  const child = spawn(process.execPath, args, { stdio, env: { ...process.env, ...environment } });
  children.push(child);
  child.on('exit', stop);
  return child;
}

/** The settings of a server behind a tunnel; undefined if the tunnel failed. */
function throughTunnel(url) {
  const tunnel = begin(['server/commands/tunnel/tunnel-main.ts', ...(url ? [url] : [])], {
    channels: ['ipc'],
  });
  tunnel.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  return new Promise((resolve) => {
    tunnel.once('message', ({ environment }) => resolve(environment));
    tunnel.once('exit', () => resolve(undefined));
  });
}

function run(environment) {
  begin([...vite, 'client/vite.config.ts']);
  begin([...vite, 'emulator/phone/page/vite.config.ts']);
  begin([...vite, 'emulator/inspector/vite.config.ts']);
  begin(['--watch', '--watch-preserve-output', 'server/main.ts'], { environment });
}

const [option, ...others] = process.argv.slice(2);
const [name, url] = option?.split(/=(.*)/s) ?? [];
if (others.length > 0 || (option !== undefined && name !== '--tunnel')) {
  console.error(
    'npm run dev accepts -- --tunnel, or -- --tunnel=https://… for a tunnel that is already open.',
  );
  process.exitCode = 2;
} else {
  const environment = option === undefined ? {} : await throughTunnel(url);
  if (environment) run(environment);
}
