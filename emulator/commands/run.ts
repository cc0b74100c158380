import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Report, runAlone } from '../scenario/run.ts';
import { type ReadyScenario, readScenario } from '../scenario/scenario.ts';
import type { SentWebhook } from '../webhooks/tap.ts';
import { isEvent, type Payload } from '../webhooks/webhook.ts';
import { type Command, PROGRAM, WrongUse } from './command.ts';
import { PLATFORM_OPTIONS, PLATFORM_USAGE, readPlatformOptions } from './platform-options.ts';

const USAGE = `Runs a scenario: a file with scripted calls and their expected results.

  ${PROGRAM} run FILE [options]

  --virtual            run on a virtual clock that jumps from event to event (the default)
  --real               run in real time
  --seed N             seed of a virtual run (default: that of the file, or 1)
  --events FILE        write all events to a file, as a JSON array
  --quiet              print only the summary (the default for more than 20 calls)
${PLATFORM_USAGE}
  --help               show this help

Exit code: 0 if everything was as expected, 1 if not, 2 if the file or an option is invalid.
Without --answer-url, the "application" in the scenario answers the calls.`;

/** Number of calls above which single events are not printed. */
const MANY_CALLS = 20;

/** `run FILE`: runs a scenario on its own platform. */
export const run: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...PLATFORM_OPTIONS,
      virtual: { type: 'boolean' },
      real: { type: 'boolean' },
      seed: { type: 'string' },
      events: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new WrongUse('Name one scenario file: run FILE');
  if (values.virtual && values.real) throw new WrongUse('Choose --virtual or --real, not both.');
  // npm runs scripts in the project's folder, wherever they were started.
  const folder = environment.INIT_CWD ?? process.cwd();
  const scenario = await readScenarioFile(file, folder);
  const options = readPlatformOptions({ port: '0', ...values }, environment);
  if (options.answerUrl === undefined && !scenario.application) {
    throw new WrongUse(`${file}: has no "application" to answer calls; give --answer-url URL`);
  }
  const seed = readSeed(values.seed) ?? scenario.seed;
  const virtual = values.real ? undefined : { seed, start: Date.parse(scenario.start) };

  const began = performance.now();
  const events: Payload[] = [];
  const calls = scenario.calls.reduce((sum, call) => sum + call.repeat, 0);
  const print = values.quiet || calls > MANY_CALLS ? () => {} : createPrinter();
  const platform = { ...options, ...(virtual && { virtual }), log: (line: string) => console.error(line) };
  const report = await runAlone(scenario, platform, (webhook, seconds) => {
    print(webhook, seconds);
    if (isEvent(webhook.payload) && values.events !== undefined) events.push(webhook.payload);
  });
  if (values.events !== undefined)
    await writeFile(resolve(folder, values.events), `${JSON.stringify(events, null, 2)}\n`);
  printSummary(scenario.name ?? file, report, (performance.now() - began) / 1000, virtual !== undefined);
  return report.failures.length === 0 ? 0 : 1;
};

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new WrongUse(`--seed must be a whole number, not "${text}"`);
  return seed;
}

/** Prints each webhook in a line: when, which leg, what. */
function createPrinter(): (webhook: SentWebhook, seconds: number) => void {
  return ({ kind, payload }, seconds) => {
    const { from, to, direction } = payload;
    const leg = direction === 'outbound' ? to : from;
    const duration = kind === 'completed' ? ` after ${String(payload.duration)} s` : '';
    const reason = kind === 'error' ? ` ${String(payload.reason)}` : '';
    console.log(
      `${seconds.toFixed(3).padStart(10)} s  ${String(leg ?? '').padEnd(15)}  ${kind}${duration}${reason}`,
    );
  };
}

function printSummary(name: string, report: Report, wallSeconds: number, isVirtual: boolean): void {
  const { calls, events, seconds, failures } = report;
  const kinds = Object.entries(events).map(([kind, count]) => `${count} ${kind}`);
  console.log(`\n${name}: ${calls} ${calls === 1 ? 'call' : 'calls'}, ${kinds.join(', ') || 'no events'}`);
  const passed = `${seconds.toFixed(1)} s of calls`;
  console.log(isVirtual ? `${passed} in ${wallSeconds.toFixed(1)} s` : passed);
  for (const { call, what } of failures) console.log(`FAILED  ${call}: ${what}`);
  if (failures.length === 0) console.log('All as expected.');
}

/**
 * Reads a scenario from a JSON file, or from the default export of a TypeScript or JavaScript module.
 * Throws in words that name the file and the place of each fault.
 * @param folder against which the path is meant.
 */
export async function readScenarioFile(path: string, folder: string): Promise<ReadyScenario> {
  const file = resolve(folder, path);
  const value = /\.[cm]?[jt]s$/.test(path) ? await loadModule(file) : await readJson(file);
  const read = readScenario(value);
  if (read.ok) return read.scenario;
  throw new WrongUse(read.faults.map((fault) => `${path}: ${fault}`).join('\n'));
}

async function loadModule(file: string): Promise<unknown> {
  const loaded: unknown = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new WrongUse(`${file}: ${error.message}`);
  });
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default;
  throw new WrongUse(`${file}: must have a scenario as its default export`);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongUse(`${file}: is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
