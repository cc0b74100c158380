import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { BELIEFS } from './beliefs.ts';
import { readOptions } from './options.ts';

const ENVIRONMENT = {
  VONAGE_API_KEY: 'abcd1234',
  VONAGE_API_SECRET: 'aSecretOf7ests',
  PUBLIC_URL: 'https://calls.example.com/',
};
const read = (args: string[], environment: Record<string, string> = {}) =>
  readOptions(args, environment, ['one', 'two']);

test('without options, it runs on the emulator, and asks nobody', () => {
  expect(read([], ENVIRONMENT)).toMatchObject({ on: 'emulator', pages: 'wire', isAgreed: true, port: 0 });
});

test('--real takes the account from the environment, uses a browser, and asks', () => {
  expect(read(['--real'], { ...ENVIRONMENT, VONAGE_REGION: 'eu', VONAGE_NUMBER: '' })).toMatchObject({
    on: 'real',
    pages: 'browser',
    isAgreed: false,
    port: 3000,
    account: { region: 'eu', publicUrl: 'https://calls.example.com', number: undefined },
  });
});

test.each([
  [['--only', 'one,three'], {}, /unknown beliefs three/],
  [['--pages', 'phone'], {}, /--pages must be wire or browser/],
  [['--port', 'x'], {}, /--port must be/],
  [['--public-url', 'https://x.example'], {}, /is for --real/],
  [['--real'], { ...ENVIRONMENT, PUBLIC_URL: '' }, /--public-url \(or PUBLIC_URL\) is not set/],
  [['--real'], { ...ENVIRONMENT, VONAGE_REGION: 'mars' }, /VONAGE_REGION must be us, eu or ap/],
  [
    ['--real', '--public-url', 'calls.example.com'],
    ENVIRONMENT,
    /PUBLIC_URL must be an http or https address/,
  ],
])('%j is refused, with what is wrong', (args, environment, message) => {
  expect(() => read(args, environment)).toThrow(message);
});

test('what is wrong is told without the secret', () => {
  const environment = { ...ENVIRONMENT, VONAGE_API_KEY: '', VONAGE_REGION: 'aSecretOf7ests' };
  expect(() => read(['--real'], environment)).toThrow(/^(?!.*aSecretOf7ests)/s);
});

test('there are at most 25 beliefs, each with an id of its own', () => {
  expect(BELIEFS.length).toBeLessThanOrEqual(25);
  expect(new Set(BELIEFS.map(({ id }) => id)).size).toBe(BELIEFS.length);
});

test('the documentation lists every belief', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../docs/conformance.md'), 'utf8');
  const rows = BELIEFS.map(({ id, sentence, source }) => `| \`${id}\` | ${sentence} | ${source} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
