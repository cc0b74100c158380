import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { SigningIdentity } from '../provisioning/account.ts';
import type { WebhookAttempt } from '../webhooks/request.ts';
import { createWebhookClient } from '../webhooks/request.ts';
import { ANSWER_PATIENCE, EVENT_PATIENCE } from '../webhooks/webhook.ts';
import { createRealWorld } from '../world.ts';
import { type Command, PROGRAM, WrongUse } from './command.ts';
import { isWebAddress } from './platform-options.ts';
import { TEMPLATES, withOverrides } from './trigger-templates.ts';

const USAGE = `Sends an event as the platform would, without a call, and prints the request and the response. "completed" is
preceded by that of the agent's leg: only both together mean that a call was answered.

  ${PROGRAM} trigger EVENT [options]

  --list               list all events
  --set NAME=VALUE     set a field, such as duration=42 or dtmf.digits=7; may be repeated
  --event-url URL      where to send it (http://127.0.0.1:PORT/voice/event, PORT as in the environment, else 3000)
  --answer-url URL     receives "trigger answer" (default: http://127.0.0.1:PORT/voice/answer)
  --method METHOD      GET or POST (default: POST for events, GET for answer)
  --emulator URL       the running emulator (default: http://127.0.0.1:EMULATOR_PORT, or port 3001)
  --help               show this text

The request is signed with VONAGE_SIGNATURE_SECRET, VONAGE_API_KEY and VONAGE_APPLICATION_ID if they are set, or
with the credentials of the running emulator, else not at all.`;

const credentials = z.looseObject({
  api_key: z.string(),
  application_id: z.string(),
  signature_secret: z.string(),
});

/** `trigger EVENT`: sends a webhook made from a template. */
export const trigger: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      list: { type: 'boolean' },
      set: { type: 'string', multiple: true },
      'event-url': { type: 'string' },
      'answer-url': { type: 'string' },
      method: { type: 'string' },
      emulator: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help || values.list) {
    console.log(values.help ? USAGE : list());
    return 0;
  }
  const [name = ''] = positionals;
  const template = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (!template || positionals.length > 1) {
    throw new WrongUse(
      `Unknown event "${positionals.join(' ')}". Expected: ${Object.keys(TEMPLATES).join(', ')}`,
    );
  }
  const isQuestion = name === 'answer';
  const server = `http://127.0.0.1:${environment.PORT ?? 3000}`;
  const address = isQuestion
    ? (values['answer-url'] ?? `${server}/voice/answer`)
    : (values['event-url'] ?? `${server}/voice/event`);
  if (!isWebAddress(address)) throw new WrongUse(`"${address}" is not an http or https address`);
  const method = methodOf(values.method ?? (isQuestion ? 'GET' : 'POST'));

  const world = createRealWorld();
  const settings = values.set ?? [];
  const payload = overridden(template.make(world, lengthIn(settings)), settings);
  const identity = await findIdentity(values.emulator, environment);
  if (identity.signatureSecret === undefined)
    console.log('Not signed: no secret is set, and no emulator is running.');
  const webhooks = createWebhookClient(world, printAttempt);
  const patience = { ...(isQuestion ? ANSWER_PATIENCE : EVENT_PATIENCE), attempts: 1 };
  let isOk = true;
  for (const webhook of [...(template.before?.(payload, world) ?? []), payload]) {
    const outcome = await webhooks.send({ address, method }, webhook, identity, patience);
    isOk &&= outcome.ok;
  }
  await webhooks.close();
  return isOk ? 0 : 1;
};

function overridden(...given: Parameters<typeof withOverrides>) {
  try {
    return withOverrides(...given);
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

/** Milliseconds that a call lasted whose duration is set: its times and its price have to fit. */
function lengthIn(settings: readonly string[]): number | undefined {
  const seconds = settings.map((setting) => /^duration=(\d{1,6})$/.exec(setting)?.[1]).findLast(Boolean);
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function methodOf(text: string): 'GET' | 'POST' {
  const method = text.toUpperCase();
  if (method === 'GET' || method === 'POST') return method;
  throw new WrongUse(`--method must be GET or POST, not "${text}"`);
}

function list(): string {
  return Object.entries(TEMPLATES)
    .map(([name, { what }]) => `  ${name.padEnd(15)}${what}`)
    .join('\n');
}

async function findIdentity(
  emulator: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<SigningIdentity> {
  const { VONAGE_SIGNATURE_SECRET, VONAGE_API_KEY, VONAGE_APPLICATION_ID, EMULATOR_PORT } = environment;
  // While a secret is changed there are two, the new one first.
  const [own] = (VONAGE_SIGNATURE_SECRET ?? '').split(',');
  const identity = { apiKey: VONAGE_API_KEY ?? '', applicationId: VONAGE_APPLICATION_ID ?? '' };
  if (own && emulator === undefined) return { ...identity, signatureSecret: own.trim() };
  const base = emulator ?? `http://127.0.0.1:${EMULATOR_PORT ?? 3001}`;
  try {
    const answer = await fetch(`${base}/emulator/credentials`, { signal: AbortSignal.timeout(2000) });
    const { api_key, application_id, signature_secret } = credentials.parse(await answer.json());
    return { apiKey: api_key, applicationId: application_id, signatureSecret: signature_secret };
  } catch (error) {
    if (emulator === undefined) return identity;
    throw new Error(`No credentials from ${base}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function printAttempt({ target, url, headers, body }: WebhookAttempt) {
  console.log(`${target.method} ${url}`);
  for (const [name, value] of Object.entries(headers)) console.log(`${name}: ${value}`);
  if (body !== undefined) console.log(`\n${JSON.stringify(JSON.parse(body), null, 2)}`);
  return (end: { status: number; body: string } | { reason: string }) => {
    console.log(
      'status' in end ? `\n→ ${end.status} ${end.body}`.trimEnd() : `\n→ ${address(url)} ${end.reason}`,
    );
  };
}

function address(url: string): string {
  return url.replace(/\?.*$/, '');
}
