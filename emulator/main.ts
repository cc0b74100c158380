import { parseArgs } from 'node:util';
import { createPlatform } from './platform.ts';

const USAGE = `A Vonage Voice platform on this machine, for an application in any language.

  npm run emulator -- [options]

  --answer-url URL     asked by GET for an NCCO when somebody calls
  --event-url URL      gets the call's events by POST
  --fallback-url URL   asked by GET when the answer URL failed
  --port N             port to listen on (EMULATOR_PORT, else 3001)
  --host ADDRESS       address to listen on (127.0.0.1)
  --number DIGITS      the number to dial (EMULATOR_NUMBER, else 442038297050)
  --caller DIGITS      the first phone's own number (EMULATOR_CALLER, else 447700900000)
  --help               this text

Point the application at the address that is printed (VONAGE_API_URL for Switchboard), with the
credentials of GET /emulator/credentials.`;

/** Milliseconds that the end may take. */
const STOP_PATIENCE = 5000;

interface Settings {
  port: number;
  portIsFixed: boolean;
  host: string;
  number: string;
  caller: string;
  answerUrl?: string;
  eventUrl?: string;
  fallbackUrl?: string;
}

/** Reads options and environment; throws one Error that lists every fault. */
function readSettings(args: string[], environment: NodeJS.ProcessEnv): Settings | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      'answer-url': { type: 'string' },
      'event-url': { type: 'string' },
      'fallback-url': { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      number: { type: 'string' },
      caller: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const faults: string[] = [];
  const portText = values.port ?? environment.EMULATOR_PORT;
  const port = Number(portText ?? 3001);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    faults.push(`--port must be 0 to 65535, not "${portText}"`);
  const digits = (name: string, text: string) => {
    const bare = text.replace(/[\s+()-]/g, '');
    if (!/^\d{3,15}$/.test(bare)) faults.push(`${name} must be 3 to 15 digits, not "${text}"`);
    return bare;
  };
  const url = (name: 'answer-url' | 'event-url' | 'fallback-url') => {
    const text = values[name];
    if (text !== undefined && !/^https?:/.test(URL.parse(text)?.protocol ?? '')) {
      faults.push(`--${name} must be an http or https address, not "${text}"`);
    }
    return text;
  };
  const answerUrl = url('answer-url');
  const eventUrl = url('event-url');
  const fallbackUrl = url('fallback-url');
  const settings: Settings = {
    port,
    portIsFixed: portText !== undefined,
    host: values.host ?? '127.0.0.1',
    number: digits('--number', values.number ?? environment.EMULATOR_NUMBER ?? '442038297050'),
    caller: digits('--caller', values.caller ?? environment.EMULATOR_CALLER ?? '447700900000'),
    ...(answerUrl && { answerUrl }),
    ...(eventUrl && { eventUrl }),
    ...(fallbackUrl && { fallbackUrl }),
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return settings;
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') {
    console.log(USAGE);
    return;
  }
  const platform = await createPlatform({ ...settings, log: (line) => console.error(line) });
  const { number } = platform.credentials;
  console.log(
    [
      '',
      `  Vonage emulator       ${platform.url}`,
      `  Phone to call from    ${platform.url}/`,
      `  Number to dial        +${number}`,
      `  Credentials           ${platform.url}/emulator/credentials`,
      `  Answer URL            ${settings.answerUrl ?? 'none: give --answer-url, or every call ends at once'}`,
      `  Event URL             ${settings.eventUrl ?? 'none: give --event-url to get events'}`,
      '',
    ].join('\n'),
  );
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_PATIENCE).unref();
    void platform.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
