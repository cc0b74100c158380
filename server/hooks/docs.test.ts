import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../domain/hooks/examples.ts';
import { hookBody } from '../../domain/hooks/hook.ts';
import { configFrom, emptyFolder } from '../testing.ts';
import { signatureHeaders } from './sign.ts';
import { HOOK_SECRET, startReceiver } from './testing.ts';

const docs = readFileSync(new URL('../../docs/hooks.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const run = promisify(execFile);

/** The blocks of code in a language. */
const blocks = (language: string) =>
  [...docs.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, name, text = '']) =>
    name === language ? text : [],
  );

it('docs/hooks.md shows an example of each hook, as the types have it', () => {
  const shown = blocks('json').map((text) => hookBody.parse(JSON.parse(text)));
  expect(shown).toEqual(EXAMPLES);
  const types = hookBody.options.map(({ shape }) => shape.type.value);
  expect(shown.map(({ type }) => type)).toEqual(types);
  for (const type of types) expect(docs).toContain(`### ${type}\n`);
});

it('docs/hooks.md names every outcome of a call, and every state of an agent', () => {
  const [ended, , , changed] = hookBody.options;
  const { outcome } = ended.shape.data.shape;
  // To the team, nobody else answers a call.
  const outcomes = outcome.options.filter((each) => each !== 'answered-elsewhere');
  const { choice, line, load } = changed.shape.data.shape;
  for (const value of [...outcomes, ...choice.options, ...line.options, ...load.options])
    expect(docs).toContain(`\`${value}\``);
});

it('the settings in docs/hooks.md are valid, and in .env.example', () => {
  const lines = blocks('sh')[0]?.trim().split('\n') ?? [];
  const env = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=')];
    }),
  );
  expect(configFrom(env).hooks).toEqual({ urls: [env.HOOK_URL], secrets: [env.HOOK_SECRET] });
  for (const line of lines) expect(example).toContain(`# ${line}\n`);
});

it.each([
  [{ HOOK_URL: 'https://a.example' }, 'HOOK_URL is set, but HOOK_SECRET is not'],
  [{ HOOK_SECRET }, 'HOOK_SECRET is set, but HOOK_URL is not'],
  [{ HOOK_URL: 'ftp://a.example', HOOK_SECRET }, 'HOOK_URL must be http or https addresses'],
  [{ HOOK_URL: 'https://me:secret@a.example', HOOK_SECRET }, 'without credentials'],
  [{ HOOK_URL: 'https://a.example,https://a.example', HOOK_SECRET }, 'none twice'],
  [{ HOOK_URL: 'https://a.example', HOOK_SECRET: 'secret' }, 'HOOK_SECRET must begin with whsec_'],
])('%j is refused', (env, words) => {
  expect(() => configFrom(env)).toThrow(words);
});

it('what docs/hooks.md does with openssl and curl is a valid signature', async () => {
  const receiver = await startReceiver();
  const env = { ...process.env, HOOK_SECRET, HOOK_URL: receiver.url };
  await run('bash', ['-euc', blocks('bash')[0] ?? ''], { env });
  const [hook] = receiver.received;
  const headers = {
    'webhook-id': String(hook?.headers['webhook-id']),
    'webhook-timestamp': String(hook?.headers['webhook-timestamp']),
    'webhook-signature': String(hook?.headers['webhook-signature']),
  };
  expect(new Webhook(HOOK_SECRET).verify(hook?.body ?? '', headers)).toEqual({ type: 'call.missed' });
});

it('what docs/hooks.md does in Python verifies a hook', async () => {
  const body = JSON.stringify(EXAMPLES[0]);
  const headers = signatureHeaders([HOOK_SECRET], 'msg_1', Date.now(), body);
  const program = `${blocks('python')[0]}
import json, sys
headers, body = json.loads(sys.argv[1]), sys.argv[2].encode()
print(verify(headers, body), verify(headers, body + b" "))`;
  const { stdout } = await run('python3', ['-c', program, JSON.stringify(headers), body], {
    env: { ...process.env, HOOK_SECRET },
  });
  expect(stdout.trim()).toBe('True False');
});

it('npm run hooks -- test sends an example of each hook, and fails if one is not taken', async () => {
  const receiver = await startReceiver();
  const main = new URL('../commands/hooks/main.ts', import.meta.url).pathname;
  const command = (...args: string[]) =>
    run(process.execPath, [main, ...args], {
      cwd: emptyFolder(),
      env: { PATH: process.env.PATH, HOOK_URL: receiver.url, HOOK_SECRET },
    });
  await command('test');
  expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual(EXAMPLES);
  receiver.answers = 500;
  await expect(command('test')).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('500') });
  await expect(command('tset')).rejects.toMatchObject({ code: 2 });
  const { stdout } = await command('secret');
  expect(configFrom({ HOOK_URL: receiver.url, HOOK_SECRET: stdout.trim() }).hooks?.secrets).toHaveLength(1);
  expect((await command('resume')).stdout).toBe('No receiver had stopped.\n');
}, 60_000);
