import './no-debug-log.ts';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parse } from 'dotenv';
import { createPlatform } from '../emulator/platform.ts';
import { AccountTrouble, hostsOf } from './account.ts';
import type { Belief, Outcome } from './belief.ts';
import { BELIEFS } from './beliefs.ts';
import { readOptions, type Settings, USAGE, WrongUse } from './options.ts';
import { lineOf, type Report, summaryOf, writeReport } from './report.ts';
import { CannotBegin, type RunOptions, runBeliefs } from './run.ts';
import type { Pace } from './stage.ts';

/** On this machine what comes comes soon; Vonage is far away, and its webhooks may be late. */
const PACES: Record<Settings['on'], Pace> = {
  emulator: { patience: 8000, quiet: 1200 },
  real: { patience: 20_000, quiet: 6000 },
};

/** From the range that is kept for fiction; nobody is called from it but our own users. */
const NUMBER = '447700900000';

const EXIT = { same: 0, different: 1, notBegun: 2, stopped: 130 };

/** The part of a run that depends on where it runs. */
type Place = Pick<RunOptions, 'credentials' | 'region' | 'hosts' | 'publicUrl' | 'number' | 'pace'> & {
  platform: string;
} & AsyncDisposable;

async function main(): Promise<number> {
  const known = BELIEFS.map(({ id }) => id);
  const settings = readOptions(process.argv.slice(2), { ...fileSettings(), ...process.env }, known);
  if (settings === 'help') return say(USAGE);
  if (settings === 'list')
    return say(BELIEFS.map(({ id, sentence }) => `${id.padEnd(28)} ${sentence}`).join('\n'));
  const { only } = settings;
  const beliefs = only === undefined ? BELIEFS : BELIEFS.filter(({ id }) => only.includes(id));

  const stopping = new AbortController();
  const stop = stopOnSignals(stopping);
  await using place = await placeOf(settings);
  if (settings.on === 'real') {
    say(announcement(place, settings, beliefs));
    if (!settings.isAgreed && !(await agrees(stopping.signal))) {
      say('Nothing was changed.');
      return stopping.signal.aborted ? EXIT.stopped : EXIT.notBegun;
    }
  }
  return await carryOut(place, settings, beliefs, stopping.signal).finally(stop);
}

async function carryOut(
  place: Place,
  settings: Settings,
  beliefs: readonly Belief[],
  signal: AbortSignal,
): Promise<number> {
  const began = new Date().toISOString();
  const outcomes: Outcome[] = [];
  let stopped: string | undefined;
  let isClean = true;
  say(`${beliefs.length} beliefs on ${place.platform}`);
  try {
    const { pages, host, port } = settings;
    const { left } = await runBeliefs({
      ...place,
      pages,
      host,
      port,
      beliefs,
      signal,
      say,
      onOutcome(outcome) {
        outcomes.push(outcome);
        say(lineOf(outcome));
      },
    });
    isClean = left.length === 0;
    if (signal.aborted) stopped = 'by a signal';
  } catch (error) {
    if (error instanceof CannotBegin || (error instanceof AccountTrouble && outcomes.length === 0))
      throw error;
    stopped = error instanceof Error ? error.message : 'by an error';
    say(`Stopped: ${stopped}`);
  }
  const reached = new Set(outcomes.map(({ id }) => id));
  const rest = beliefs
    .filter(({ id }) => !reached.has(id))
    .map(({ id, sentence, source }): Outcome => {
      return { id, sentence, source, verdict: 'not tried', seen: 'The run was stopped before.', steps: [] };
    });
  const report: Report = {
    platform: place.platform,
    pages: settings.pages,
    began,
    ended: new Date().toISOString(),
    ...(stopped !== undefined && { stopped }),
    outcomes: [...outcomes, ...rest],
  };
  const path = writeReport(report, settings.out, settings.on);
  say(`${summaryOf(report.outcomes)} Written to ${path}.md and ${path}.json.`);
  if (signal.aborted) return EXIT.stopped;
  const isDifferent = outcomes.some(({ verdict }) => verdict === 'different');
  return isDifferent || stopped !== undefined || !isClean ? EXIT.different : EXIT.same;
}

/** Starts the emulator, or takes the account that the settings name. */
async function placeOf({ on, account }: Settings): Promise<Place> {
  const pace = PACES[on];
  if (account) {
    const { apiKey, apiSecret, region, apiUrl, publicUrl, number } = account;
    return {
      platform: apiUrl ?? 'Vonage',
      credentials: { apiKey, apiSecret },
      region,
      hosts: hostsOf(region, apiUrl),
      publicUrl,
      number: number ?? NUMBER,
      pace,
      async [Symbol.asyncDispose]() {},
    };
  }
  const platform = await createPlatform();
  const { api_key: apiKey, api_secret: apiSecret } = platform.credentials;
  return {
    platform: 'the emulator',
    credentials: { apiKey, apiSecret },
    region: undefined,
    hosts: hostsOf(undefined, platform.url),
    publicUrl: undefined,
    number: NUMBER,
    pace,
    [Symbol.asyncDispose]: () => platform.close(),
  };
}

function announcement(place: Place, { host, port, pages }: Settings, beliefs: readonly Belief[]): string {
  return [
    `This tries ${beliefs.length} beliefs on ${place.platform} (${place.hosts.api}).`,
    ...(place.platform === 'Vonage' ? ['It was never run against Vonage before: watch it.'] : []),
    'It will create an application and three users, make calls between these users, and remove everything at the end.',
    'No telephone is called. Minutes of app users may cost a little, depending on the prices of your account.',
    `Webhooks come to ${place.publicUrl}, which must lead to ${host}:${port} here.`,
    ...(pages === 'browser' ? ['The users are pages in a Chromium without a window.'] : []),
  ].join('\n');
}

/** Asks whether to begin. No answer means no. */
async function agrees(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((done) => terminal.once('close', () => done('')));
  // readline takes Ctrl+C for itself while it asks.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const answer = await Promise.race([
    terminal.question('Begin? (yes/no; --yes does not ask) ', { signal }).catch(() => ''),
    closed,
  ]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Milliseconds in which a second signal is the first one, passed on by npm, which the terminal has signalled, too. */
const SAME_SIGNAL_MS = 1000;

/** The first signal ends the run and cleans up; a later one leaves at once. @returns the undo */
function stopOnSignals(stopping: AbortController): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let first = 0;
  const stop = () => {
    if (stopping.signal.aborted) {
      if (Date.now() - first < SAME_SIGNAL_MS) return;
      say('Left without cleaning up: look for an application named "conformance-…" in the dashboard.');
      process.exit(EXIT.stopped);
    }
    say('Stopping: ending calls, removing users and the application. Once more to leave at once.');
    first = Date.now();
    stopping.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

/** What .env says; the environment wins over it. */
function fileSettings(): Record<string, string> {
  try {
    return parse(readFileSync('.env'));
  } catch {
    return {};
  }
}

function say(text: string): 0 {
  console.log(text);
  return 0;
}

// A terminal that is closed, or a pipe without a reader, must not keep the clean-up from its end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  const isKnown =
    error instanceof WrongUse || error instanceof CannotBegin || error instanceof AccountTrouble;
  process.exitCode = isKnown || isWrongOption(error) ? EXIT.notBegun : EXIT.different;
}
// Without waiting for what audio and browsers leave behind.
process.exit();

/** What `parseArgs` throws. */
function isWrongOption(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
