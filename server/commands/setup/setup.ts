import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { readTextFile } from '../../config/load-config.ts';
import {
  type Account,
  type AccountAccess,
  type Application,
  hostsOf,
  type PlatformHosts,
} from '../../vonage/account.ts';
import { AccountError } from '../../vonage/account-error.ts';
import { carryOut, type Progress, troubleOf } from './carry-out.ts';
import { type ApplicationChoice, chooseApplication } from './choose-application.ts';
import { findNumber } from './find-number.ts';
import { type KeyAtHand, keyAtHand } from './key-pair.ts';
import type { SetupOptions } from './options.ts';
import { type Findings, planSteps } from './plan.ts';

import type { Talk } from './talk.ts';
import { Cancelled, SetupTrouble } from './trouble.ts';
import { webhooksAt } from './webhooks.ts';
import {
  askForCredentials,
  beginWishes,
  completeWishes,
  type Given,
  givenIn,
  placeOf,
  type Wishes,
} from './wishes.ts';

interface SetupParts {
  /** What is set in the environment; it wins over .env. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where .env and the private key are. */
  folder: string;
  options: SetupOptions;
  talk: Talk;
  connect: (access: AccountAccess) => Account;
}

/**
 * Sets up an installation: checks what exists, shows the plan, carries it out. Every failure causes a
 * readable message, and the next run continues where this one stopped.
 * @returns the exit code
 */
export async function setUp(parts: SetupParts): Promise<number> {
  const { talk, options } = parts;
  talk.begin(options.dryRun ? 'Switchboard setup (dry run)' : 'Switchboard setup');
  try {
    await work(parts);
    return 0;
  } catch (error) {
    if (error instanceof Cancelled) {
      talk.end('Stopped. Nothing was changed.');
      return 130;
    }
    const trouble = troubleOf(error, 'an internal error');
    talk.fail(`Setup stopped at ${trouble.step}.`, [trouble.message, ...trouble.remedies]);
    return 1;
  }
}

async function work(parts: SetupParts): Promise<void> {
  const { folder, env, options, talk } = parts;
  const file = resolve(folder, '.env');
  const kept = parse(readTextFile(file) ?? '');
  const entered = await enter(parts, await beginWishes(givenIn({ ...kept, ...env }), talk.ask));
  const wishes = await completeWishes(entered.given, talk.ask);
  const key = keyAtHand(wishes.privateKey, folder);
  const findings = await look(parts, wishes, key, entered);
  const steps = planSteps({ ...findings, options, kept: givenIn(kept), file, folder });

  if (steps.length === 0) {
    talk.end('Everything is set up correctly. Nothing was changed.', nextWords(findings));
    return;
  }
  if (options.dryRun) {
    for (const step of steps) talk.note(step.title, step.shown);
    talk.end('This was a dry run. Nothing was changed.');
    return;
  }
  if (talk.ask !== undefined) {
    talk.note(
      'Setup will:',
      steps.map((step, index) => `${index + 1}. ${step.title}`),
    );
    if (!(await talk.ask.confirm({ message: 'Go ahead?', initial: true }))) throw new Cancelled();
  }
  const { application } = findings;
  const progress: Progress = {
    applicationId: application.kind === 'use' ? application.application.id : undefined,
    privateKey: key.kind === 'there' ? key.privateKey : undefined,
    publicKey: key.kind === 'there' ? key.publicKey : undefined,
  };
  await carryOut(steps, progress, talk);
  talk.end('Your number is set up.', nextWords(findings));
}

/** An account with accepted key and secret. */
interface Entered {
  given: Given;
  account: Account;
  hosts: PlatformHosts;
  applications: Application[];
}

/** Checks the key and secret, and asks again if they are wrong and someone can answer. */
async function enter({ talk, connect }: SetupParts, first: Given): Promise<Entered> {
  for (let given = first; ; ) {
    const { apiUrl, region } = placeOf(given);
    const hosts = hostsOf(apiUrl, region);
    const { VONAGE_API_KEY: apiKey = '', VONAGE_API_SECRET: apiSecret = '' } = given;
    const account = connect({ apiKey, apiSecret, hosts });
    try {
      return { given, account, hosts, applications: await account.applications() };
    } catch (error) {
      const isRefused = error instanceof AccountError && error.kind === 'credentials';
      if (!isRefused || talk.ask === undefined) throw troubleOf(error, 'the account');
      talk.warn('Vonage rejected this key and secret.');
      given = { ...given, ...(await askForCredentials(talk.ask, apiKey)) };
    }
  }
}

/** Checks everything and changes nothing. */
async function look(
  { talk, options }: SetupParts,
  wishes: Wishes,
  key: KeyAtHand,
  { account, hosts, applications }: Entered,
): Promise<Findings> {
  const chosen = chooseApplication(
    {
      id: wishes.applicationId,
      name: options.name,
      webhooks: webhooksAt(wishes.publicUrl),
      publicKey: key.kind === 'there' ? key.publicKey : undefined,
      region: wishes.region,
    },
    applications,
  );
  if (chosen.kind === 'impossible') {
    throw new SetupTrouble('the application', chosen.why, chosen.remedy);
  }
  const application = chosen.kind === 'use' ? await agree(chosen, options, talk) : chosen;
  const applicationId = application.kind === 'use' ? application.application.id : undefined;
  try {
    const found = await findNumber({
      wish: { number: wishes.number, buy: options.buy, applicationId },
      owned: await account.numbers(),
      account,
      options,
      ask: talk.ask,
    });
    if (found.kind === 'link') {
      await consent(found.costs, `the number +${found.number.msisdn}`, options, talk);
    }
    const missing = await missingUsers(account, wishes.agents, application, key);
    return { wishes, key, account, hosts, application, number: found, users: missing };
  } catch (error) {
    throw error instanceof Cancelled ? error : troubleOf(error, 'the account check');
  }
}

/** This application, if using it affects nobody or the user agrees; or else a new one. */
async function agree(
  choice: Extract<ApplicationChoice, { kind: 'use' }>,
  options: SetupOptions,
  talk: Talk,
): Promise<Exclude<ApplicationChoice, { kind: 'impossible' }>> {
  const { application, costs } = choice;
  const name = `the application "${application.name}" (${application.id})`;
  if (costs.length > 0 && talk.ask !== undefined && !options.force) {
    talk.warn(`In use elsewhere: ${name}.`, costs);
    const answer = await talk.ask.choose({
      message: 'Which application should handle your calls?',
      options: [
        { value: 'another', label: 'Create a new application' },
        { value: 'this', label: 'Take over this application' },
      ],
    });
    return answer === 'this' ? choice : { kind: 'create' };
  }
  await consent(costs, name, options, talk, 'Or create another application: --name "Switchboard 2"');
  return choice;
}

/** Makes sure that nothing is taken over without consent. */
async function consent(
  costs: readonly string[],
  what: string,
  { force }: SetupOptions,
  talk: Talk,
  ...ways: string[]
): Promise<void> {
  if (costs.length === 0) return;
  if (force) return talk.warn(`Taking over ${what}.`, costs);
  if (talk.ask !== undefined) {
    talk.warn(`In use elsewhere: ${what}.`, costs);
    if (await talk.ask.confirm({ message: 'Take it over anyway?', initial: false })) return;
    throw new Cancelled();
  }
  throw new SetupTrouble(what, costs.join(' '), 'Add --force to take it over.', ...ways);
}

/** Agents without a user. An application that does not have the key yet cannot be asked. */
async function missingUsers(
  account: Account,
  agents: readonly string[],
  application: ApplicationChoice,
  key: KeyAtHand,
): Promise<string[]> {
  if (application.kind !== 'use' || application.lacks.includes('public key') || key.kind === 'new') {
    return [...agents];
  }
  const { privateKey } = key;
  const access = { applicationId: application.application.id, privateKey };
  const missing: string[] = [];
  for (const name of agents) if (!(await account.hasUser(access, name))) missing.push(name);
  return missing;
}

function nextWords({ wishes, number }: Findings): string[] {
  const { publicUrl, hasSignatureSecret } = wishes;
  const dial = number.kind === 'buy' ? number.offer.msisdn : number.number.msisdn;
  return [
    'npm start        starts the server; restart it if it is already running',
    'npm run doctor   checks this installation against your Vonage account',
    `Agent page       ${publicUrl}/client_js.html`,
    `Number to dial   +${dial}`,
    ...(hasSignatureSecret
      ? []
      : [
          'Also set VONAGE_SIGNATURE_SECRET in .env, from https://dashboard.vonage.com/settings: no API returns it.',
          'Without it, anyone who knows the webhook URLs can send webhooks.',
        ]),
  ];
}
