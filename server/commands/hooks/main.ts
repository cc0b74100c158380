import { randomBytes } from 'node:crypto';
import { EXAMPLES } from '../../../domain/hooks/examples.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { receiverOf } from '../../hooks/queue.ts';
import { signatureHeaders } from '../../hooks/sign.ts';
import { openStore } from '../../store/store.ts';
import { tables } from '../../tables.ts';

/** `npm run hooks`: tries out the receivers of hooks. */

const USAGE = `Usage: npm run hooks -- COMMAND

  test     sends an example of each hook to every address in HOOK_URL, and prints the answers
  resume   sends hooks again to receivers that stopped them with status 410
  secret   prints a new secret for HOOK_SECRET`;

const [command, ...others] = process.argv.slice(2);
if (command === 'secret' && others.length === 0) {
  console.log(`whsec_${randomBytes(32).toString('base64')}`);
} else if ((command === 'test' || command === 'resume') && others.length === 0) {
  const settings = loadConfig();
  if (!settings.ok)
    fail(`These settings are wrong:${settings.faults.map((fault) => `\n  - ${fault}`).join('')}`);
  else if (settings.config.hooks === undefined)
    fail('HOOK_URL and HOOK_SECRET are not set. See docs/hooks.md.');
  else if (command === 'test') await sendExamples(settings.config.hooks);
  else {
    await resume(settings.config, settings.config.hooks).catch((error: unknown) =>
      fail(error instanceof Error ? error.message : String(error)),
    );
  }
} else {
  const isHelp = command === '--help' || command === '-h';
  (isHelp ? console.log : console.error)(USAGE);
  process.exitCode = isHelp ? 0 : 2;
}

type Hooks = NonNullable<Config['hooks']>;

async function sendExamples({ urls, secrets }: Hooks): Promise<void> {
  for (const url of urls) {
    for (const [index, hook] of EXAMPLES.entries()) {
      const body = JSON.stringify(hook);
      const now = Date.now();
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Switchboard',
          ...signatureHeaders(secrets, `msg_example_${now}_${index}`, now, body),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      }).catch(() => undefined);
      await answer?.body?.cancel();
      console.log(`${new URL(url).origin}: ${hook.type}: ${answer?.status ?? 'no answer'}`);
      if (answer?.ok !== true) process.exitCode = 1;
    }
  }
}

async function resume({ databaseUrl, dataDir }: Config, { urls }: Hooks): Promise<void> {
  // What fails is said once, by the error.
  const store = await openStore({ databaseUrl, dataDir, tables, log: () => {} });
  try {
    const { numDeletedRows } = await store.write((transaction) =>
      transaction
        .deleteFrom('hook_receivers')
        .where('receiver', 'in', urls.map(receiverOf))
        .where('stopped_at', 'is not', null)
        .executeTakeFirst(),
    );
    console.log(
      numDeletedRows === 0n ? 'No receiver had stopped.' : `${numDeletedRows} get hooks again, from now on.`,
    );
  } finally {
    await store.close();
  }
}

function fail(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
