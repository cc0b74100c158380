import type { World } from '../world.ts';
import type { AccountPlan, ApplicationPlan } from './plan.ts';
import { capabilitiesOf, carryOut, makeApplication, ownNumber, secretsIn } from './plan.ts';
import type { Provisioning } from './provisioning.ts';
import { createProvisioning } from './provisioning.ts';
import type { AccountState } from './state.ts';
import type { StateFile } from './state-file.ts';
import { createStateFile, readState } from './state-file.ts';

/** What the platform's customers have when it starts. */
export interface ProvisioningOptions {
  /** The number to dial, E.164 without `+`. Default 442038297050. */
  number?: string;
  /** Asked by GET for an NCCO. */
  answerUrl?: string;
  /** Gets events by POST. */
  eventUrl?: string;
  /** Asked by GET when the answer URL failed. */
  fallbackUrl?: string;
  /** Signs webhooks. Default: a generated one. During rotation two, the new one first. */
  signatureSecret?: AccountPlan['signatureSecret'];
  /** The applications of the first account, instead of the one created by the options above. */
  applications?: ApplicationPlan[];
  /** Further numbers of the first account, linked to no application, E.164 without `+`. */
  numbers?: string[];
  /** All accounts, instead of the one created by the options above. */
  accounts?: AccountPlan[];
  /** A file that keeps accounts, applications, numbers and users; created if missing. */
  state?: string;
}

/** The provisioning of a platform that runs. */
export interface StartedProvisioning extends Provisioning {
  /** The first application whose private key the platform can hand out. */
  readonly defaultApplicationId: string;
  /** Writes what the state file lacks. */
  close(): Promise<void>;
}

const NAME = 'Switchboard';
const NUMBER = '442038297050';

/**
 * Makes what the options say, or takes it from the state file. What the file holds goes before the options,
 * except for the number, the webhooks and the signature secret where these are given.
 * Throws, with words, when the options contradict each other or the file is damaged.
 */
export async function startProvisioning(
  options: ProvisioningOptions,
  world: World,
  log: (line: string) => void,
): Promise<StartedProvisioning> {
  refuseContradictions(options);
  const kept = options.state === undefined ? undefined : await readState(options.state);
  const accounts = kept?.accounts ?? (await carryOut(planOf(options), world));
  const id = kept ? await follow(options, accounts, world) : firstWithKey(accounts)?.id;
  if (id === undefined) throw new Error('The first account needs an application.');
  let file: StateFile | undefined;
  const provisioning = createProvisioning(world, accounts, () => file?.changed());
  if (options.state !== undefined) {
    file = createStateFile(options.state, provisioning.state, world, log);
    file.changed();
  }
  return { ...provisioning, defaultApplicationId: id, close: async () => await file?.close() };
}

function refuseContradictions(options: ProvisioningOptions): void {
  const single = ['number', 'answerUrl', 'eventUrl', 'fallbackUrl'] as const;
  const several = ['applications', 'accounts'] as const;
  const one = single.find((name) => options[name] !== undefined);
  const many = several.find((name) => options[name] !== undefined);
  if (one && many) throw new Error(`${one} belongs to a platform with one application: say it in ${many}.`);
  if (options.accounts && (options.applications || options.numbers || options.signatureSecret)) {
    throw new Error('Where there are accounts, applications, numbers and secrets are said in them.');
  }
}

function planOf(options: ProvisioningOptions): AccountPlan[] {
  if (options.accounts) return options.accounts;
  const { signatureSecret, numbers } = options;
  return [
    {
      applications: options.applications ?? [singleApplication(options)],
      ...(numbers && { numbers }),
      ...(signatureSecret !== undefined && { signatureSecret }),
    },
  ];
}

function singleApplication(options: ProvisioningOptions): ApplicationPlan {
  return { name: NAME, ...webhooksIn(options), numbers: [options.number ?? NUMBER] };
}

function webhooksIn({ answerUrl, eventUrl, fallbackUrl }: ProvisioningOptions) {
  return {
    ...(answerUrl !== undefined && { answerUrl }),
    ...(eventUrl !== undefined && { eventUrl }),
    ...(fallbackUrl !== undefined && { fallbackUrl }),
  };
}

function firstWithKey(accounts: AccountState[]) {
  return accounts[0]?.applications.find((one) => one.privateKey !== undefined);
}

/** Lets what was kept follow the options that are given. Returns the id of the default application. */
async function follow(options: ProvisioningOptions, accounts: AccountState[], world: World) {
  const [account] = accounts;
  if (!account) return undefined;
  const { number, signatureSecret } = options;
  if (signatureSecret !== undefined) account.signatureSecrets = secretsIn(signatureSecret);
  const application = firstWithKey(accounts) ?? (await makeApplication({ name: NAME }, world));
  if (!account.applications.includes(application)) account.applications.push(application);
  const { voice } = application.capabilities;
  const given = capabilitiesOf(webhooksIn(options)).voice?.webhooks;
  application.capabilities.voice = { ...voice, webhooks: { ...voice?.webhooks, ...given } };
  if (number !== undefined) link(number, application.id, account, accounts);
  return application.id;
}

function link(number: string, applicationId: string, owner: AccountState, accounts: AccountState[]): void {
  const holder = accounts.find((one) => one.numbers.some(({ msisdn }) => msisdn === number)) ?? owner;
  if (holder !== owner) throw new Error(`The number ${number} belongs to another account.`);
  const known = owner.numbers.find(({ msisdn }) => msisdn === number);
  if (known) known.applicationId = applicationId;
  else owner.numbers.push(ownNumber(number, applicationId));
}
