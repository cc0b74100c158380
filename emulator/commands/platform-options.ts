import type { ParseArgsOptionsConfig } from 'node:util';
import { readFaultOption } from '../faults/faults.ts';
import type { PlatformOptions } from '../platform.ts';
import { WrongUse } from './command.ts';

/** The options of the command line that say what platform it is to be. */
export const PLATFORM_OPTIONS = {
  'answer-url': { type: 'string' },
  'event-url': { type: 'string' },
  'fallback-url': { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  number: { type: 'string' },
  caller: { type: 'string' },
  state: { type: 'string' },
  limits: { type: 'string' },
  tls: { type: 'boolean' },
  'tls-authority': { type: 'string' },
  fault: { type: 'string', multiple: true },
} satisfies ParseArgsOptionsConfig;

export const PLATFORM_USAGE = `\
  --answer-url URL     asked by GET for an NCCO when a call comes in
  --event-url URL      gets the call's events by POST
  --fallback-url URL   asked by GET when the answer URL failed
  --port N             port to listen on (EMULATOR_PORT, else 3001)
  --host ADDRESS       address to listen on (127.0.0.1)
  --number DIGITS      the number to dial (EMULATOR_NUMBER, else 442038297050)
  --caller DIGITS      the first phone's own number (EMULATOR_CALLER, else 447700900000)
  --state FILE         keeps applications, numbers and users in a file (EMULATOR_STATE)
  --tls                https, too, on the same port, for SDKs that speak nothing else
  --tls-authority FILE where the certificate to trust is written (a folder of its own in the system's temporary one)
  --limits LIMITS      all: 3 new calls and 15 requests a second, as with Vonage; carriers: calls to users and
                       websockets are not counted; none
  --fault FAULT        lets something go wrong, such as drop,webhook=completed,every=3; may be repeated`;

const LIMITS = new Map<string, NonNullable<PlatformOptions['limits']>>([
  ['all', true],
  ['carriers', 'carriers'],
  ['none', false],
]);

type Values = {
  [Name in Exclude<keyof typeof PLATFORM_OPTIONS, 'fault' | 'tls'>]?: string | undefined;
} & { fault?: string[] | undefined; tls?: boolean | undefined };

/** Reads these options, or else their environment variables. Throws one error that lists everything wrong. */
export function readPlatformOptions(
  values: Values,
  environment: NodeJS.ProcessEnv,
): PlatformOptions & { port: number } {
  const wrong: string[] = [];
  const portText = values.port ?? environment.EMULATOR_PORT;
  const port = Number(portText ?? 3001);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    wrong.push(`--port must be 0 to 65535, not "${portText}"`);
  const digits = (name: string, text: string | undefined) => {
    const bare = text?.replace(/[\s+()-]/g, '');
    if (bare !== undefined && !/^\d{3,15}$/.test(bare))
      wrong.push(`${name} must be 3 to 15 digits, not "${text}"`);
    return bare;
  };
  const url = (name: 'answer-url' | 'event-url' | 'fallback-url') => {
    const text = values[name];
    if (text !== undefined && !isWebAddress(text))
      wrong.push(`--${name} must be an http or https address, not "${text}"`);
    return text;
  };
  const limits = values.limits === undefined ? undefined : LIMITS.get(values.limits);
  if (values.limits !== undefined && limits === undefined)
    wrong.push(`--limits must be ${[...LIMITS.keys()].join(', ')}, not "${values.limits}"`);
  const authority = values['tls-authority'];
  const faults = (values.fault ?? []).map(readFaultOption).flatMap((read) => {
    if (!read.ok) wrong.push(read.reason);
    return read.ok ? read.faults : [];
  });
  const given = {
    host: values.host,
    number: digits('--number', values.number ?? environment.EMULATOR_NUMBER),
    caller: digits('--caller', values.caller ?? environment.EMULATOR_CALLER),
    answerUrl: url('answer-url'),
    eventUrl: url('event-url'),
    fallbackUrl: url('fallback-url'),
    state: values.state ?? environment.EMULATOR_STATE,
    limits,
    tls: authority === undefined ? values.tls : { authority },
  };
  if (wrong.length > 0) throw new WrongUse(wrong.join('\n'));
  return { port, portIsFixed: portText !== undefined, faults, ...withoutAbsent(given) };
}

export function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

/** Without the fields that are undefined. */
function withoutAbsent<T extends object>(given: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  const kept: { [Name in keyof T]?: NonNullable<T[Name]> } = {};
  for (const name in given) {
    const value = given[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
}
