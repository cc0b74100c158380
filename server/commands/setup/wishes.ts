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
  /** As they were given: this is what is written. */
  given: Given;
}

/** The settings of setup in an environment. Empty ones count as not set. */
export function givenIn(env: Readonly<Record<string, string | undefined>>): Given {
  const entries = NAMES.map((name) => [name, env[name]?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

/**
 * Checks what is given, and asks for key and secret where they are missing. Throws a SetupTrouble that says all that
 * is wrong, or missing where nobody is there to ask, at once.
 */
export async function beginWishes(given: Given, ask: Questions | undefined): Promise<Given> {
  const faults = faultsIn(given);
  if (faults.length > 0) {
    throw new SetupTrouble(
      'the settings',
      `These settings are wrong: ${faults.join('; ')}.`,
      'They come from the environment and from .env; .env.example explains them.',
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
    'Set them in the environment or in .env, or run this at a terminal, where it asks.',
    'Key and secret are at https://dashboard.vonage.com/settings; PUBLIC_URL is where Vonage reaches this server.',
  );
}

/** Where the platform is that is meant. */
export function placeOf(given: Given) {
  const { VONAGE_API_URL: apiUrl, VONAGE_REGION: region } = schema.parse(given);
  return { apiUrl, region };
}

/** Asks for the rest. Throws a SetupTrouble where Vonage cannot reach what is given. */
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
  'PUBLIC_URL must be the address of this server on the internet: of your own proxy with https, or of a tunnel.';

async function askFor(given: Given, ask: Questions): Promise<Given> {
  const answers: Given = { ...given };
  answers.PUBLIC_URL ??= await ask.text({
    message: 'Address at which Vonage reaches this server (PUBLIC_URL)',
    example: 'https://calls.example.com',
    check: (answer) => {
      if (answer === '') return 'It is needed: your proxy with https, or a tunnel.';
      const fault = checkOf('PUBLIC_URL')(answer);
      return (
        fault ?? (given.VONAGE_API_URL === undefined && isLocal(answer) ? unreachable(answer) : undefined)
      );
    },
  });
  answers.AGENTS ??= await ask.text({
    message: 'Who answers calls? Names, separated by commas; the first is rung (AGENTS)',
    initial: 'Alice',
    check: checkOf('AGENTS'),
  });
  if (answers.VONAGE_SIGNATURE_SECRET === undefined) {
    const secret = await ask.secret({
      message: 'Signature secret, from the same page as the key (Enter: none, and webhooks are not checked)',
      check: (answer) => (answer === '' ? undefined : checkOf('VONAGE_SIGNATURE_SECRET')(answer)),
    });
    if (secret !== '') answers.VONAGE_SIGNATURE_SECRET = secret;
  }
  return answers;
}

/** Key and secret of the account. */
export async function askForCredentials(ask: Questions, apiKey?: string): Promise<Given> {
  const key = await ask.text({
    message: 'Vonage API key: https://dashboard.vonage.com/settings',
    ...(apiKey !== undefined && { initial: apiKey }),
    check: (answer) => (answer === '' ? 'It is needed.' : undefined),
  });
  const secret = await ask.secret({
    message: 'API secret: on the same page',
    check: (answer) => (answer === '' ? 'It is needed.' : undefined),
  });
  return { VONAGE_API_KEY: key, VONAGE_API_SECRET: secret };
}

/** What is wrong with one setting, in words. */
function checkOf(name: SettingName): Check {
  return (answer) => schema.shape[name].safeParse(answer).error?.issues[0]?.message;
}

function faultsIn(given: Given): string[] {
  // Without the values: some are secrets.
  return (schema.safeParse(given).error?.issues ?? []).map((one) => `${String(one.path[0])} ${one.message}`);
}

function unreachable(address: string): string {
  return `is ${address}, which Vonage cannot reach: it is this machine or its own network`;
}

/** Addresses that lead nowhere on the internet. */
function isLocal(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return (
    /^(localhost|.*\.local|.*\.localhost|\[::1?\]|0\.0\.0\.0)$/.test(host) ||
    /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host)
  );
}
