// npm run dev: the server starts anew when its code changes, the pages are built anew when theirs does.
// One process that owns the others: they end with it, and it ends with the first of them.
import { spawn } from 'node:child_process';

const vite = ['node_modules/vite/bin/vite.js', 'build', '--watch', '--logLevel', 'warn', '--config'];
const children = [
  [...vite, 'client/vite.config.ts'],
  [...vite, 'emulator/phone/page/vite.config.ts'],
  [...vite, 'emulator/inspector/vite.config.ts'],
  ['--watch', '--watch-preserve-output', 'server/main.ts'],
].map((args) => spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }));

const stop = () => children.forEach((child) => void child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
