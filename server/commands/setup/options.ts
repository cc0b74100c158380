import { parseArgs } from 'node:util';

export interface SetupOptions {
  /** Show the changes without making them. */
  dryRun: boolean;
  /** Take over resources that point elsewhere. */
  force: boolean;
  /** Approves the purchase. */
  yes: boolean;
  /** A number that may be bought, E.164 without `+`. */
  buy: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country: string | undefined;
  /** Of the application. */
  name: string;
}

const SETUP_USAGE = `npm run setup -- [OPTIONS]

Creates or updates the Vonage application, links a number to it, creates a user for each agent, and writes .env.
It reads settings from the environment and .env, and asks for missing ones. In a script, it asks nothing: it stops
and says what is missing.

  --dry-run         show each request that would change something, and send none
  --country CC      list the numbers for sale in this country (two letters, such as GB)
  --buy NUMBER      buy this number; needs --country, and in a script --yes
  --yes             accept the price of --buy
  --force           take over an application or a number that is in use elsewhere
  --name NAME       the application's name (default: Switchboard)
  --help            show this help

Settings that a script needs: VONAGE_API_KEY, VONAGE_API_SECRET, PUBLIC_URL.
Optional settings: VONAGE_NUMBER, VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY, VONAGE_SIGNATURE_SECRET,
VONAGE_REGION, AGENTS. All are explained in .env.example.`;

type ReadOptions = { ok: true; options: SetupOptions } | { ok: false; words: string; isHelp: boolean };

/** Parses setup's command line. */
export function readOptions(args: readonly string[]): ReadOptions {
  const wrong = (words: string): ReadOptions => ({ ok: false, words, isHelp: false });
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        buy: { type: 'string' },
        country: { type: 'string' },
        name: { type: 'string', default: 'Switchboard' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { ok: false, words: SETUP_USAGE, isHelp: true };
    const buy = values.buy?.replace(/[\s+().-]/g, '');
    const country = values.country?.toUpperCase();
    if (buy !== undefined && !/^\d{3,15}$/.test(buy)) {
      return wrong(
        `--buy must be a phone number in E.164, like 442038297050, but is ${JSON.stringify(values.buy)}`,
      );
    }
    if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
      return wrong(`--country must be two letters, like GB, but is ${JSON.stringify(values.country)}`);
    }
    if (values.yes && buy === undefined)
      return wrong('--yes needs --buy: it accepts the price of that number');
    const { 'dry-run': dryRun, force, yes, name } = values;
    return { ok: true, options: { dryRun, force, yes, buy, country, name } };
  } catch (error) {
    // Of parseArgs: the first sentence says which option is wrong.
    return wrong(error instanceof Error ? error.message : 'Invalid command line.');
  }
}
