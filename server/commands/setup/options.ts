import { parseArgs } from 'node:util';

export interface SetupOptions {
  /** Show what would be done and change nothing. */
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

Makes the Vonage application, links a number to it, creates the agents' users, and writes .env.
Asks for what it does not find in the environment or in .env; asks nothing where nobody is at the terminal.

  --dry-run         show each request that would change something, and send none
  --buy NUMBER      buy this number, with --country, and in scripts with --yes
  --country CC      where to buy: two letters, such as GB; alone it lists what can be bought
  --yes             the yes to what --buy costs
  --force           take over an application or a number that leads elsewhere
  --name NAME       the application's name (Switchboard)
  --help            this

Settings for scripts: VONAGE_API_KEY, VONAGE_API_SECRET, PUBLIC_URL; as you like VONAGE_NUMBER,
VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY, VONAGE_SIGNATURE_SECRET, VONAGE_REGION, AGENTS.`;

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
    if (values.yes && buy === undefined) return wrong('--yes is the yes to --buy, and belongs to it');
    const { 'dry-run': dryRun, force, yes, name } = values;
    return { ok: true, options: { dryRun, force, yes, buy, country, name } };
  } catch (error) {
    // Of parseArgs: the first sentence says which option is wrong.
    return wrong(error instanceof Error ? error.message : 'The command line cannot be read.');
  }
}
