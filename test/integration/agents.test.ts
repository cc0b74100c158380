import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';
import { realModeEnvironment, startServer } from '../support/real-mode.ts';

const deskView = z.object({ agents: z.array(z.object({ name: z.string() })) });

const auditPage = z.object({
  entries: z.array(
    z.object({
      who: z.string().nullable(),
      what: z.string(),
      of: z.string().nullable(),
      from: z.string().nullable(),
    }),
  ),
});

/** Milliseconds within which a running server has taken up a change. */
const SOON = { timeout: 8_000 };

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `npm run agents`, and resolves with its exit code and what it printed. */
async function agents(environment: Record<string, string>, ...args: string[]) {
  const program = startProgram('server/commands/agents/main.ts', args, { environment });
  onTestFinished(() => program[Symbol.asyncDispose]());
  const code = await new Promise<number | null>((done) => program.child.once('close', done));
  return { code, printed: program.printed() };
}

async function signIn(url: string, agent: string, code: string) {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent, code }),
  });
  return { status: answer.status, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** Opens a feed, and tells when it is over. */
async function watch(url: string, path: string, cookie: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const answer = await fetch(`${url}${path}`, { headers: { cookie }, signal: abort.signal });
  let isOver = false;
  void answer
    .arrayBuffer()
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  return { status: answer.status, isOver: () => isOver };
}

const codeIn = (printed: string) => /shown only now: (\S+)/.exec(printed)?.[1] ?? '';

async function removesAndAdds(store: Record<string, string>): Promise<void> {
  const dataDir = emptyFolder();
  const { AGENT_CODES: _codes, ...settings } = realModeEnvironment(dataDir);
  const environment = {
    ...settings,
    ...store,
    AGENTS: 'Alice,Bob',
    ROUTING: 'desk',
  };
  const { program, url } = await startServer(environment);
  onTestFinished(() => program[Symbol.asyncDispose]());
  const status = async (path: string, cookie: string) =>
    (await fetch(`${url}${path}`, { headers: { cookie } })).status;

  const added = await agents(environment, 'add', 'Dave');
  expect(added).toMatchObject({ code: 0, printed: expect.stringContaining('Dave was added as agent.') });
  const code = codeIn(added.printed);
  const { status: signedIn, cookie } = await signIn(url, 'Dave', code);
  expect(signedIn).toBe(200);
  const feed = await watch(url, '/api/desk/feed?tab=1', cookie);
  const calls = await watch(url, '/api/feed', cookie);
  expect([feed.status, calls.status]).toEqual([200, 200]);
  const named = async () => {
    const answer = await fetch(`${url}/api/desk`, { headers: { cookie } });
    return deskView.parse(await answer.json()).agents.map(({ name }) => name);
  };
  await expect.poll(named, SOON).toEqual(['Alice', 'Bob', 'Dave']);

  expect(await status('/api/figures', cookie)).toBe(403);
  expect(await agents(environment, 'role', 'Dave', 'agent', 'supervisor')).toMatchObject({ code: 0 });
  await expect.poll(() => status('/api/figures', cookie), SOON).toBe(200);
  await expect.poll(() => calls.isOver(), SOON).toBe(true);

  const list = await agents(environment, 'list');
  expect(list).toEqual({
    code: 0,
    printed: 'Alice   agent, supervisor, developer\nBob     agent\nDave    agent, supervisor\n',
  });

  const again = await watch(url, '/api/desk/feed?tab=1', cookie);
  expect(await agents(environment, 'remove', 'Dave')).toMatchObject({
    code: 0,
    printed: 'Dave was removed.\n',
  });
  await expect.poll(() => status('/api/desk', cookie), SOON).toBe(401);
  await expect.poll(() => again.isOver(), SOON).toBe(true);
  expect((await signIn(url, 'Dave', code)).status).toBe(401);

  // The code in the file of the server is valid until there is a new one.
  const file = join(dataDir, 'access-codes.json');
  const codes: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  const bob = await signIn(url, 'Bob', codes.Bob ?? '');
  expect(bob.status).toBe(200);
  const recoded = await agents(environment, 'code', 'Bob');
  expect((await signIn(url, 'Bob', codeIn(recoded.printed))).status).toBe(200);
  expect((await signIn(url, 'Bob', codes.Bob ?? '')).status).toBe(401);
  await expect.poll(() => status('/api/desk', bob.cookie), SOON).toBe(401);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['Alice']);

  const invited = await agents(environment, 'invite', 'Eve', '--role', 'supervisor');
  expect(invited).toMatchObject({ code: 0, printed: expect.stringContaining('It works once, until ') });
  const [, token = ''] = /\/invitation\.html#(\S+)/.exec(invited.printed) ?? [];
  const accept = () =>
    fetch(`${url}/api/invitation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  const accepted = await accept();
  expect(accepted.status).toBe(200);
  const eve = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { session, code: eveCode } = z
    .object({ session: z.object({ agent: z.string(), roles: z.array(z.string()) }), code: z.string() })
    .parse(await accepted.json());
  expect(session).toEqual({ agent: 'Eve', roles: ['supervisor'] });
  expect((await accept()).status).toBe(401);
  expect((await signIn(url, 'Eve', eveCode)).status).toBe(200);

  const answer = await fetch(`${url}/api/audit`, { headers: { cookie: eve } });
  const { entries } = auditPage.parse(await answer.json());
  expect(entries.map(({ who, what, of }) => [who, what, of]).reverse()).toEqual([
    [null, 'account added', 'Alice'],
    [null, 'account added', 'Bob'],
    [null, 'account added', 'Dave'],
    ['Dave', 'signed in', null],
    [null, 'roles changed', 'Dave'],
    [null, 'account removed', 'Dave'],
    [null, 'sign-in failed', null],
    ['Bob', 'signed in', null],
    [null, 'code changed', 'Bob'],
    ['Bob', 'signed in', null],
    ['Bob', 'sign-in failed', null],
    [null, 'account added', 'Eve'],
    [null, 'invited', 'Eve'],
    ['Eve', 'invitation accepted', null],
    ['Eve', 'signed in', null],
    [null, 'sign-in failed', null],
    ['Eve', 'signed in', null],
  ]);
  expect(entries.find(({ what }) => what === 'signed in')?.from).toBe('127.0.0.1');
}

describe('npm run agents while the server runs', { timeout: 60_000 }, () => {
  test('on SQLite', () => removesAndAdds({}));

  describe('on Postgres', () => {
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 90_000);
    afterAll(() => postgres.stop());
    test('too', async () => removesAndAdds({ DATABASE_URL: await postgres.createDatabase() }));
  });

  test('with the emulator: an added agent can be used, a removed one cannot', async () => {
    const environment = { PORT: '0', EMULATOR_PORT: '0', DATA_DIR: emptyFolder(), AGENTS: 'Alice,Bob' };
    const { program, url } = await startServer(environment);
    onTestFinished(() => program[Symbol.asyncDispose]());
    const token = async (agent: string) => {
      const body = JSON.stringify({ agent });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/token`, { method: 'POST', headers, body })).status;
    };
    expect([await token('Bob'), await token('Dave')]).toEqual([200, 404]);
    const bob = await watch(url, '/api/desk/feed?tab=1&agent=Bob', '');
    expect((await agents(environment, 'add', 'Dave')).printed).toBe(
      'Dave was added as agent.\nWhile the emulator runs, nobody signs in and everybody has every role.\nThe server creates the Vonage user Dave in its emulator.\n',
    );
    await agents(environment, 'remove', 'Bob');
    await expect.poll(() => token('Dave'), SOON).toBe(200);
    await expect.poll(() => token('Bob'), SOON).toBe(404);
    await expect.poll(() => bob.isOver(), SOON).toBe(true);
  });
});

test('what cannot be done is said in words, with exit code 1, and what is no command with 2', async () => {
  const environment = { DATA_DIR: emptyFolder(), AGENTS: 'Alice' };
  expect(await agents(environment, 'remove', 'Eve')).toEqual({
    code: 1,
    printed: 'There is no "Eve". There are: Alice.\n',
  });
  expect(await agents(environment, 'fire', 'Eve')).toMatchObject({ code: 2 });
  expect(await agents(environment, '--help')).toMatchObject({ code: 0 });
  expect(await agents({ ...environment, DATA_DIR: '/dev/null/x' }, 'list')).toMatchObject({
    code: 1,
    printed: expect.stringMatching(/store/),
  });
  expect(await agents({ ...environment, AGENTS: '' }, 'list')).toMatchObject({
    code: 1,
    printed: expect.stringContaining('AGENTS must name at least one agent'),
  });
}, 30_000);
