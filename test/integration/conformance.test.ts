import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createPlatform, type PlatformOptions } from '../../emulator/platform.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';

const MAIN = 'conformance/main.ts';
const ROOT = resolve(import.meta.dirname, '../..');
const API_SECRET = 'aSecretOf7ests';

/** Beliefs that take a second or two each; `npm run conformance` tries all. */
const SHORT = [
  'app-leg-events',
  'called-leg-after-transfer',
  'transfer-events',
  'app-call-rate',
  'answer-500-fallback',
  'get-hash-own-query',
  'transfer-fetch-signed',
  'custom-data',
];

const report = z.object({
  stopped: z.string().optional(),
  outcomes: z.array(z.object({ id: z.string(), verdict: z.string(), seen: z.string() })),
});

/** A folder for reports. */
function place() {
  const out = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  return {
    out,
    report: (name: 'emulator' | 'real') =>
      report.parse(JSON.parse(readFileSync(join(out, `${name}.json`), 'utf8'))),
    /** Everything that was written. */
    text: () => ['real.json', 'real.md'].map((name) => readFileSync(join(out, name), 'utf8')).join('\n'),
  };
}

/** A second emulator that plays Vonage, and what a run on it needs. */
async function playedVonage(options: PlatformOptions = {}) {
  const platform = await createPlatform({
    accounts: [
      {
        apiKey: 'abcd1234',
        apiSecret: API_SECRET,
        applications: [{ name: 'Shop', numbers: ['442038297050'] }],
      },
    ],
    ...options,
  });
  onTestFinished(() => platform.close());
  const port = await freePort();
  const at = place();
  const basic = Buffer.from(`abcd1234:${API_SECRET}`).toString('base64');
  const environment = {
    VONAGE_API_URL: platform.url,
    VONAGE_API_KEY: 'abcd1234',
    VONAGE_API_SECRET: API_SECRET,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const json = async (path: string, headers = {}): Promise<unknown> =>
    (await fetch(`${platform.url}${path}`, { headers })).json();
  return {
    ...at,
    environment,
    args: (...more: string[]) => [
      '--real',
      ...['--port', String(port), '--out', at.out, '--pages', 'wire'],
      ...more,
    ],
    async applications() {
      const answer = await json('/v2/applications', { authorization: `Basic ${basic}` });
      return z
        .object({ _embedded: z.object({ applications: z.array(z.object({ name: z.string() })) }) })
        .parse(answer)
        ._embedded.applications.map(({ name }) => name);
    },
    /** How many requests so far could have changed something. */
    async changes() {
      const { requests } = z
        .object({ requests: z.array(z.object({ method: z.string() })) })
        .parse(await json('/emulator/requests?limit=1000'));
      return requests.filter(({ method }) => method !== 'GET').length;
    },
    /** Legs that are up. */
    async legs() {
      const leg = z.object({ uuid: z.string(), status: z.string() });
      const calls = z
        .array(leg.extend({ legs: z.array(leg) }))
        .parse(await json('/emulator/calls'))
        .flatMap(({ legs, ...first }) => [first, ...legs]);
      return calls.filter(({ status }) => status === 'answered');
    },
  };
}

test('on the emulator, everything is as it is believed to be', { timeout: 90_000 }, async () => {
  const at = place();
  await using run = startProgram(MAIN, ['--only', SHORT.join(), '--out', at.out]);
  await once(run.child, 'exit');
  expect(at.report('emulator').outcomes.filter(({ verdict }) => verdict !== 'same')).toEqual([]);
  expect(at.report('emulator').outcomes).toHaveLength(SHORT.length);
  expect(run.child.exitCode).toBe(0);
});

test('where a platform differs, the run says how and ends with 1', async () => {
  const vonage = await playedVonage({ limits: false });
  await using run = startProgram(MAIN, vonage.args('--yes', '--only', 'app-call-rate,invite-from'), vonage);
  await once(run.child, 'exit');
  expect(vonage.report('real').outcomes).toMatchObject([
    { id: 'invite-from', verdict: 'same' },
    { id: 'app-call-rate', verdict: 'different', seen: '201, 201, 201, 201' },
  ]);
  expect(run.printed()).toContain('1 same, 1 different, 0 not tried.');
  expect(run.child.exitCode).toBe(1);
});

test.each([
  ['says no', 'no\n'],
  ['says nothing', ''],
])('changes nothing in an account when whoever is asked %s', async (_what, reply) => {
  const vonage = await playedVonage();
  const child = spawn(process.execPath, [resolve(ROOT, MAIN), ...vonage.args()], {
    cwd: vonage.out,
    env: { PATH: process.env.PATH, ...vonage.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.end(reply);
  const [code] = await once(child, 'close');
  expect(said).toContain('Begin?');
  expect(said).toContain('Nothing was changed.');
  expect(code).toBe(2);
  expect(await vonage.changes()).toBe(0);
});

test('makes nothing where its public address leads elsewhere', async () => {
  const vonage = await playedVonage();
  const args = vonage.args('--yes', '--public-url', vonage.environment.VONAGE_API_URL);
  await using run = startProgram(MAIN, args, vonage);
  await once(run.child, 'exit');
  expect(run.printed()).toContain('It must lead to port');
  expect(run.child.exitCode).toBe(2);
  expect(await vonage.changes()).toBe(0);
});

test('after Ctrl+C in a call, the application, its users and its calls are gone, and the report is there', async () => {
  const vonage = await playedVonage();
  await using run = startProgram(
    MAIN,
    vonage.args('--yes', '--only', 'called-leg-after-transfer,custom-data'),
    vonage,
  );
  await run.prints(/Created the application/);
  await expect.poll(vonage.legs).not.toEqual([]);
  expect(await vonage.applications()).toHaveLength(2);
  // The terminal signals npm, too, which passes it on.
  run.child.kill('SIGINT');
  await run.prints(/Stopping/);
  run.child.kill('SIGINT');
  await once(run.child, 'exit');
  expect(run.child.exitCode).toBe(130);
  expect(run.printed()).toMatch(/Stopping: .*\n(.*\n)*Removed 3 users and the application/);
  expect(await vonage.applications()).toEqual(['Shop']);
  await expect.poll(vonage.legs).toEqual([]);
  const { stopped, outcomes } = vonage.report('real');
  expect(stopped).toBe('by a signal');
  expect(outcomes).toContainEqual(expect.objectContaining({ id: 'custom-data', verdict: 'not tried' }));
});

test('cleans up when its terminal is closed', async () => {
  const vonage = await playedVonage();
  await using run = startProgram(MAIN, vonage.args('--yes', '--only', 'called-leg-after-transfer'), vonage);
  await run.prints(/Created the application/);
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  run.child.kill('SIGHUP');
  await once(run.child, 'exit');
  expect(run.child.exitCode).toBe(130);
  expect(await vonage.applications()).toEqual(['Shop']);
});

test('cleans up after a failure in the middle', async () => {
  const vonage = await playedVonage({ faults: [{ fault: 'rest-error', path: '/v1/users', every: 2 }] });
  await using run = startProgram(MAIN, vonage.args('--yes'), vonage);
  await once(run.child, 'exit');
  expect(run.printed()).toContain('Creating the user conformance-b was answered with 503');
  expect(run.printed()).toContain('Removed 1 user and the application');
  expect(run.child.exitCode).toBe(2);
  expect(await vonage.applications()).toEqual(['Shop']);
});

test('neither its output nor its reports contain a secret', async () => {
  const vonage = await playedVonage({ limits: false });
  await using run = startProgram(MAIN, vonage.args('--yes', '--only', 'app-call-rate,post-hash'), {
    environment: { ...vonage.environment, DEBUG: '*' },
  });
  await once(run.child, 'exit');
  const written = run.printed() + vonage.text();
  expect(written).toContain('app-call-rate');
  expect(written).not.toContain(API_SECRET);
  expect(written).not.toContain(Buffer.from(`abcd1234:${API_SECRET}`).toString('base64'));
  // Tokens begin so, and keys are called so.
  expect(written).not.toMatch(/eyJ|PRIVATE KEY/);
});

test('refuses to begin without credentials, and says what is missing', async () => {
  const { out } = place();
  await using run = startProgram(MAIN, ['--real', '--out', out], { folder: out });
  await once(run.child, 'exit');
  expect(run.printed()).toMatch(/VONAGE_API_KEY is not set\nVONAGE_API_SECRET is not set/);
  expect(run.child.exitCode).toBe(2);
  expect(existsSync(join(out, 'real.json'))).toBe(false);
});
