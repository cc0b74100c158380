import type { Command } from './commands/command.ts';
import { WrongUse } from './commands/command.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { trigger } from './commands/trigger.ts';

const COMMANDS: Record<string, Command> = { serve, run, trigger };

/** Exit code for a mistake in the command line or a file. */
const WRONG_USE = 2;

async function main([name = '', ...args]: string[]): Promise<number | undefined> {
  const command = COMMANDS[name];
  if (command) return await command(args, process.env);
  if (name !== '' && !name.startsWith('-')) {
    throw new WrongUse(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`);
  }
  return await serve(process.argv.slice(2), process.env);
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof WrongUse || isWrongOption(error) ? WRONG_USE : 1;
}

/** What `parseArgs` throws. */
function isWrongOption(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
