import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { stopOnSignals } from '../../http/stop-signals.ts';
import { DESK_FILE, NEWCOMER, TEAM } from './cast.ts';
import { play } from './play.ts';

/** `npm run demo`: a small team at work on the emulator, whose newest agent is whoever watches. */

const USAGE = `Usage: npm run demo -- [--speed N]

  --speed N   callers come, talk and leave N times as fast, from 0.5 to 10; 1 by default`;

const speed = speedFrom(process.argv.slice(2));
if (speed !== undefined) await demo(speed);

function speedFrom(args: string[]): number | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { speed: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h' } },
    });
    const wanted = Number(values.speed);
    if (values.help !== true && wanted >= 0.5 && wanted <= 10) return wanted;
    (values.help ? console.log : console.error)(USAGE);
    process.exitCode = values.help ? 0 : 2;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

async function demo(at: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-demo-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'desk.yaml'), DESK_FILE);
  const { PATH, HOME, TZ, PORT, EMULATOR_PORT } = process.env;
  const server = spawn(process.execPath, [resolve(import.meta.dirname, '../../main.ts')], {
    // Neither .env nor the data of the project are its own.
    cwd: folder,
    env: {
      ...Object.fromEntries(
        Object.entries({ PATH, HOME, TZ, PORT, EMULATOR_PORT }).filter(([, value]) => value !== undefined),
      ),
      AGENTS: [NEWCOMER, ...TEAM].join(','),
      DATA_DIR: folder,
      // The server ends if this process is killed.
      npm_lifecycle_event: 'demo',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C is for this process, which ends the server in its own time.
    detached: true,
  });
  const over = new Promise<void>((done) => server.once('exit', () => done()));
  const stopping = new AbortController();
  stopOnSignals({
    signals: process,
    async stop() {
      stopping.abort();
      server.kill('SIGTERM');
      await over;
    },
    exit: process.exit,
    now: () => performance.now(),
    parent: process.env.npm_lifecycle_event === undefined ? undefined : () => process.ppid,
  });
  void over.then(() => {
    if (stopping.signal.aborted) return;
    console.error('The demo has ended, because its server did.');
    process.exit(1);
  });

  const facts = new Map<string, string>();
  let isPlaying = false;
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith('DESK: ')) console.log(line);
    const [, name = '', value = ''] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
    if (name === '') continue;
    facts.set(name, value);
    const [agentPage, phone, number] = ['Agent page', 'Phone', 'Number to dial'].map((each) =>
      facts.get(each),
    );
    if (isPlaying || agentPage === undefined || phone === undefined || number === undefined) continue;
    isPlaying = true;
    const url = new URL(agentPage).origin;
    await welcome(url, phone);
    play({
      server: url,
      emulator: new URL(phone).origin,
      number: number.replace(/^\+/, ''),
      speed: at,
      random: Math.random,
      now: Date.now,
      signal: stopping.signal,
    }).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      console.error(`The demo cannot go on: ${error instanceof Error ? error.message : String(error)}`);
      process.kill(process.pid, 'SIGTERM');
    });
  }
}

async function welcome(url: string, phone: string): Promise<void> {
  const wall = await fetch(`${url}/wall.html`).catch(() => undefined);
  await wall?.body?.cancel();
  console.log(`
A team is at work. You are ${NEWCOMER}:

  Agent page   ${url}/client_js.html
${wall?.ok === true ? `  Wall         ${url}/wall.html\n` : ''}  Console      ${url}/console.html
  Phone        ${phone}

Try this:
  - Open the agent page and allow the microphone: calls ring there, too. Answer one, hold it, transfer it to Bob.
  - Choose "Away" and watch the others take the calls.
  - Open the console: every call and every webhook, as they come.
  - Call the team yourself from the phone.

Ctrl-C ends it and deletes its data. Below is what the team does.
`);
}
