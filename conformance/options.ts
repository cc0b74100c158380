import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What is believed of Vonage is tried on this platform. */
export interface Settings {
  /** `emulator`: started here. `real`: an account at Vonage, or where VONAGE_API_URL says. */
  on: 'emulator' | 'real';
  /** How app users are played: by the protocol of the Client SDK, or by the SDK itself in a browser. */
  pages: 'wire' | 'browser';
  account: RealAccount | undefined;
  /** Where the application that answers the webhooks listens. */
  host: string;
  port: number;
  isAgreed: boolean;
  /** The ids of the beliefs to try; undefined: all. */
  only: string[] | undefined;
  /** The folder of the reports. */
  out: string;
}

export interface RealAccount {
  apiKey: string;
  apiSecret: string;
  region: 'us' | 'eu' | 'ap' | undefined;
  /** A platform other than Vonage. */
  apiUrl: string | undefined;
  /** Reaches this machine from Vonage; without a slash at the end. */
  publicUrl: string;
  /** The caller's number of the calls that the API makes, E.164 without `+`. */
  number: string | undefined;
}

export const USAGE = `Tries what is believed of Vonage's platform, belief by belief, and reports where it differs.

  npm run conformance                     on the emulator, which it starts
  npm run conformance -- --real           on a Vonage account (never run against Vonage so far)

  --real            uses VONAGE_API_KEY and VONAGE_API_SECRET, from the environment or .env. It makes an application
                    and users, makes calls between these users only, and removes everything at the end
  --public-url URL  where Vonage reaches this machine (PUBLIC_URL); it must lead to --port
  --port N          port for webhooks (PORT, else 3000; on the emulator any free one)
  --host ADDRESS    address to listen on for webhooks (127.0.0.1)
  --pages KIND      browser: app users are pages with the Client SDK in Chromium (default with --real)
                    wire: app users speak the SDK's protocol, without a browser (default on the emulator)
  --only IDS        tries only these beliefs: ids, separated by commas
  --list            lists the beliefs
  --out FOLDER      where the reports are written (data/conformance)
  --yes             begins without asking
  --help            shows this help

VONAGE_REGION (us, eu, ap), VONAGE_API_URL and VONAGE_NUMBER are used as by the server; see .env.example.
Exit code: 0 nothing is different, 1 something is, 2 it could not begin, 130 it was stopped.`;

/** A mistake in the command line or the settings, as a message for the user. */
export class WrongUse extends Error {}

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''));

const environmentOf = z.object({
  VONAGE_API_KEY: z.string('is not set').min(1),
  VONAGE_API_SECRET: z.string('is not set').min(1),
  VONAGE_REGION: z.enum(['us', 'eu', 'ap'], 'must be us, eu or ap').optional(),
  VONAGE_API_URL: webAddress.optional(),
  VONAGE_NUMBER: z
    .string()
    .regex(/^\+?\d{3,15}$/, 'must be a number in E.164 format')
    .transform((number) => number.replace('+', ''))
    .optional(),
  PUBLIC_URL: webAddress.optional(),
});

/**
 * Reads the command line and the environment; throws WrongUse with everything that is wrong. Messages contain no values
 * of the environment, because some are secrets.
 */
export function readOptions(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Settings | 'help' | 'list' {
  const { values } = parseArgs({
    args,
    options: {
      real: { type: 'boolean', default: false },
      'public-url': { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      pages: { type: 'string' },
      only: { type: 'string' },
      list: { type: 'boolean' },
      out: { type: 'string', default: 'data/conformance' },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  if (values.list) return 'list';
  const wrong: string[] = [];
  const { real, pages = real ? 'browser' : 'wire' } = values;
  if (pages !== 'wire' && pages !== 'browser') wrong.push(`--pages must be wire or browser, not "${pages}"`);
  const only = values.only?.split(',').map((id) => id.trim());
  const unknown = only?.filter((id) => !known.includes(id)) ?? [];
  if (unknown.length > 0) wrong.push(`--only: unknown beliefs ${unknown.join(', ')}; --list shows all`);
  const portText = values.port ?? (real ? (environment.PORT ?? '3000') : '0');
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    wrong.push(`--port must be 0 to 65535, not "${portText}"`);
  let account: RealAccount | undefined;
  if (real) {
    const publicUrl = values['public-url'] ?? environment.PUBLIC_URL;
    account = readAccount({ ...environment, PUBLIC_URL: publicUrl }, wrong);
  } else if (values['public-url'] !== undefined) wrong.push('--public-url is for --real');
  if (wrong.length > 0) throw new WrongUse(wrong.join('\n'));
  return {
    on: real ? 'real' : 'emulator',
    pages: pages === 'browser' ? 'browser' : 'wire',
    account,
    host: values.host,
    port,
    isAgreed: values.yes || !real,
    only,
    out: values.out,
  };
}

function readAccount(
  environment: Readonly<Record<string, string | undefined>>,
  wrong: string[],
): RealAccount | undefined {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = environmentOf.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    wrong.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
    return undefined;
  }
  const { PUBLIC_URL: publicUrl } = parsed.data;
  if (publicUrl === undefined) {
    wrong.push('--public-url (or PUBLIC_URL) is not set: Vonage must reach this machine for webhooks');
    return undefined;
  }
  return {
    apiKey: parsed.data.VONAGE_API_KEY,
    apiSecret: parsed.data.VONAGE_API_SECRET,
    region: parsed.data.VONAGE_REGION,
    apiUrl: parsed.data.VONAGE_API_URL,
    publicUrl,
    number: parsed.data.VONAGE_NUMBER,
  };
}
