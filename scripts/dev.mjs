// npm run dev: the server starts anew when its code changes, the pages are built anew when theirs does.
// With -- --tunnel calls come through a tunnel from the internet; with -- --tunnel=URL through one that is open.
// One process that owns the others: they end with it, and it ends with the first of them.
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

/** The settings of a server at the end of a tunnel; undefined, where none could be opened. */
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
  console.error('npm run dev takes -- --tunnel, or -- --tunnel=https://… for a tunnel that is open already.');
  process.exitCode = 2;
} else {
  const environment = option === undefined ? {} : await throughTunnel(url);
  if (environment) run(environment);
}
