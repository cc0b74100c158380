import { settings } from '../../config/settings.ts';
import type { Check, Questions } from './talk.ts';
import { SetupTrouble } from './trouble.ts';

/** The settings that setup uses, in the order in which it writes them. */
const NAMES = [
  'PUBLIC_URL',
  'VONAGE_API_KEY',
  'VONAGE_API_SECRET',
  'VONAGE_APPLICATION_ID',
  'VONAGE_PRIVATE_KEY',
  'VONAGE_NUMBER',
  'VONAGE_SIGNATURE_SECRET',
  'VONAGE_REGION',
  'AGENTS',
  'VONAGE_API_URL',
] as const;

type SettingName = (typeof NAMES)[number];

/** Settings as they are written, by name; those that are not set are absent. */
export type Given = Partial<Record<SettingName, string>>;

const schema = settings.pick({
  PUBLIC_URL: true,
  VONAGE_API_KEY: true,
  VONAGE_API_SECRET: true,
  VONAGE_APPLICATION_ID: true,
  VONAGE_PRIVATE_KEY: true,
  VONAGE_NUMBER: true,
  VONAGE_SIGNATURE_SECRET: true,
  VONAGE_REGION: true,
  VONAGE_API_URL: true,
  AGENTS: true,
});

/** What setup should achieve. */
export interface Wishes {
  publicUrl: string;
  apiKey: string;
  apiSecret: string;
  applicationId: string | undefined;
  /** A path, or PEM. */
  privateKey: string | undefined;
  number: string | undefined;
  hasSignatureSecret: boolean;
  region: 'us' | 'eu' | 'ap' | undefined;
  apiUrl: string | undefined;
  agents: readonly string[];
  /** As entered, to be written to .env. */
  given: Given;
}

/** The settings of setup in an environment. Empty ones count as not set. */
export function givenIn(env: Readonly<Record<string, string | undefined>>): Given {
  const entries = NAMES.map((name) => [name, env[name]?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

/**
 * Checks the given settings, and asks for a missing key or secret. Throws a SetupTrouble that lists everything that
 * is wrong, or missing if nobody can answer.
 */
export async function beginWishes(given: Given, ask: Questions | undefined): Promise<Given> {
  const faults = faultsIn(given);
  if (faults.length > 0) {
    throw new SetupTrouble(
      'the settings',
      `These settings are wrong: ${faults.join('; ')}.`,
      'Correct them in the environment or in .env; .env.example explains each one.',
    );
  }
  const { VONAGE_API_KEY: apiKey, VONAGE_API_SECRET: apiSecret } = given;
  if (ask === undefined) {
    refuseMissing(given);
    return given;
  }
  const isComplete = apiKey !== undefined && apiSecret !== undefined;
  return isComplete ? given : { ...given, ...(await askForCredentials(ask, apiKey)) };
}

function refuseMissing(given: Given): void {
  const needed = ['VONAGE_API_KEY', 'VONAGE_API_SECRET', 'PUBLIC_URL'] as const;
  const missing = needed.filter((name) => given[name] === undefined);
  if (missing.length === 0) return;
  throw new SetupTrouble(
    'the settings',
    `Not set: ${missing.join(', ')}.`,
    'Set them in the environment or in .env, or run "npm run setup" in a terminal, where it asks for them.',
    'The key and secret are at https://dashboard.vonage.com/settings. PUBLIC_URL is the public address of this server.',
  );
}

/** The platform that these settings select. */
export function placeOf(given: Given) {
  const { VONAGE_API_URL: apiUrl, VONAGE_REGION: region } = schema.parse(given);
  return { apiUrl, region };
}

/** Asks for the remaining settings. Throws a SetupTrouble if Vonage cannot reach PUBLIC_URL. */
export async function completeWishes(given: Given, ask: Questions | undefined): Promise<Wishes> {
  const complete = ask === undefined ? given : await askFor(given, ask);
  refuseMissing(complete);
  const {
    PUBLIC_URL = '',
    VONAGE_API_KEY = '',
    VONAGE_API_SECRET = '',
    AGENTS,
    ...data
  } = schema.parse(complete);
  const apiUrl = data.VONAGE_API_URL;
  if (apiUrl === undefined && isLocal(PUBLIC_URL)) {
    throw new SetupTrouble('the settings', `PUBLIC_URL ${unreachable(PUBLIC_URL)}.`, TUNNEL);
  }
  return {
    publicUrl: PUBLIC_URL,
    apiKey: VONAGE_API_KEY,
    apiSecret: VONAGE_API_SECRET,
    applicationId: data.VONAGE_APPLICATION_ID,
    privateKey: data.VONAGE_PRIVATE_KEY,
    number: data.VONAGE_NUMBER,
    hasSignatureSecret: data.VONAGE_SIGNATURE_SECRET !== undefined,
    region: data.VONAGE_REGION,
    apiUrl,
    agents: AGENTS ?? ['Alice'],
    given: complete,
  };
}

const TUNNEL =
  'Set PUBLIC_URL to the public address of this server: that of your HTTPS proxy or of a tunnel.';

async function askFor(given: Given, ask: Questions): Promise<Given> {
  const answers: Given = { ...given };
  answers.PUBLIC_URL ??= await ask.text({
    message: 'Public address of this server, where Vonage sends webhooks (PUBLIC_URL)',
    example: 'https://calls.example.com',
    check: (answer) => {
      if (answer === '') return 'Required: the address of your HTTPS proxy or of a tunnel.';
      const fault = checkOf('PUBLIC_URL')(answer);
      return (
        fault ?? (given.VONAGE_API_URL === undefined && isLocal(answer) ? unreachable(answer) : undefined)
      );
    },
  });
  answers.AGENTS ??= await ask.text({
    message: 'Agents’ names, separated by commas; the first one gets every role (AGENTS)',
    initial: 'Alice',
    check: checkOf('AGENTS'),
  });
  if (answers.VONAGE_SIGNATURE_SECRET === undefined) {
    const secret = await ask.secret({
      message: 'Signature secret, on the same page (press Enter to skip; webhooks are then not verified)',
      check: (answer) => (answer === '' ? undefined : checkOf('VONAGE_SIGNATURE_SECRET')(answer)),
    });
    if (secret !== '') answers.VONAGE_SIGNATURE_SECRET = secret;
  }
  return answers;
}

/** Asks for the API key and secret of the account. */
export async function askForCredentials(ask: Questions, apiKey?: string): Promise<Given> {
  const key = await ask.text({
    message: 'Vonage API key, from https://dashboard.vonage.com/settings',
    ...(apiKey !== undefined && { initial: apiKey }),
    check: (answer) => (answer === '' ? 'Required.' : undefined),
  });
  const secret = await ask.secret({
    message: 'API secret, on the same page',
    check: (answer) => (answer === '' ? 'Required.' : undefined),
  });
  return { VONAGE_API_KEY: key, VONAGE_API_SECRET: secret };
}

/** Returns what is wrong with one setting, if anything. */
function checkOf(name: SettingName): Check {
  return (answer) => schema.shape[name].safeParse(answer).error?.issues[0]?.message;
}

function faultsIn(given: Given): string[] {
  // Without the values: some are secrets.
  return (schema.safeParse(given).error?.issues ?? []).map((one) => `${String(one.path[0])} ${one.message}`);
}

function unreachable(address: string): string {
  return `is ${address}, a local address that Vonage cannot reach`;
}

/** Whether an address is not on the internet. */
function isLocal(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return (
    /^(localhost|.*\.local|.*\.localhost|\[::1?\]|0\.0\.0\.0)$/.test(host) ||
    /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host)
  );
}
