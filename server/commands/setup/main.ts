import { createAccount } from '../../vonage/sdk-account.ts';
import { clackTalk } from './clack-talk.ts';
import { readOptions } from './options.ts';
import { setUp } from './setup.ts';
import { plainTalk } from './talk.ts';

const read = readOptions(process.argv.slice(2));
if (read.ok) {
  const isPerson = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const talk = isPerson ? clackTalk() : plainTalk((text) => void process.stdout.write(text));
  process.exitCode = await setUp({
    env: process.env,
    folder: process.cwd(),
    options: read.options,
    talk,
    connect: createAccount,
  });
} else {
  (read.isHelp ? console.log : console.error)(read.words);
  process.exitCode = read.isHelp ? 0 : 2;
}
