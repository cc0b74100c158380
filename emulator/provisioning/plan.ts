import type { World } from '../world.ts';
import type { WebhookAddress } from './account.ts';
import type { Capabilities, Region } from './capabilities.ts';
import { lineOf } from './market.ts';
import { makeKeys, makeSecret } from './secrets.ts';
import type { AccountState, ApplicationState, OwnedNumber } from './state.ts';
import { platformState } from './state.ts';

/** A webhook address: bare, or with its method and time limits. */
type WebhookPlan = string | (Omit<WebhookAddress, 'method'> & { method?: WebhookAddress['method'] });

/** An application that is there from the start. */
export interface ApplicationPlan {
  name: string;
  /** Asked for an NCCO; by GET, unless told otherwise. */
  answerUrl?: WebhookPlan;
  /** Asked when the answer URL failed; by GET, unless told otherwise. */
  fallbackUrl?: WebhookPlan;
  /** Gets events; by POST, unless told otherwise. */
  eventUrl?: WebhookPlan;
  /** Whether webhooks are signed. Default true. */
  signedCallbacks?: boolean;
  /** Where its calls are; default: everywhere. */
  region?: Region;
  /** Numbers that are linked to it, E.164 without `+`. */
  numbers?: string[];
  /** Names of users. */
  users?: string[];
}

/** An account that is there from the start. What is left out is made up. */
export interface AccountPlan {
  apiKey?: string;
  apiSecret?: string;
  /** Two while it is being changed, the new one first: webhooks are signed with either. */
  signatureSecret?: string | [current: string, former: string];
  applications?: ApplicationPlan[];
  /** Numbers that are linked to no application, E.164 without `+`. */
  numbers?: string[];
}

/** Euros that an account begins with. */
const BALANCE = 100;

/** Makes the accounts of a plan, with fresh keys. Throws, with words, when the plan contradicts itself. */
export async function carryOut(plans: AccountPlan[], world: World): Promise<AccountState[]> {
  const accounts: AccountState[] = [];
  for (const plan of plans) accounts.push(await makeAccount(plan, world));
  const checked = platformState.safeParse({ version: 1, accounts });
  if (!checked.success) throw new Error(checked.error.issues.map((issue) => issue.message).join('\n'));
  return checked.data.accounts;
}

async function makeAccount(plan: AccountPlan, world: World): Promise<AccountState> {
  const planned = plan.applications ?? [];
  const applications = await Promise.all(planned.map((one) => makeApplication(one, world)));
  const linked = applications.flatMap(({ id }, index) =>
    (planned[index]?.numbers ?? []).map((msisdn): OwnedNumber => ownNumber(msisdn, id)),
  );
  return {
    apiKey: plan.apiKey ?? world.hex(4),
    apiSecrets: [
      { id: world.uuid(), secret: plan.apiSecret ?? makeSecret(world, 16), createdAt: nowIn(world) },
    ],
    signatureSecrets: secretsIn(plan.signatureSecret ?? makeSecret(world, 50)),
    balance: BALANCE,
    messageCallbacks: { inbound: '', receipts: '' },
    applications,
    numbers: [...linked, ...(plan.numbers ?? []).map((msisdn) => ownNumber(msisdn))],
  };
}

/** Makes an application with fresh keys. */
export async function makeApplication(plan: ApplicationPlan, world: World): Promise<ApplicationState> {
  const id = world.uuid();
  const createdAt = nowIn(world);
  const users = (plan.users ?? []).map((name) => ({
    id: `USR-${world.uuid()}`,
    name,
    createdAt,
    details: {},
  }));
  return {
    id,
    name: plan.name,
    ...(await makeKeys()),
    capabilities: capabilitiesOf(plan),
    privacy: { improve_ai: false },
    users,
  };
}

/** The secrets that an option names. */
export function secretsIn(
  given: NonNullable<AccountPlan['signatureSecret']>,
): AccountState['signatureSecrets'] {
  return typeof given === 'string' ? [given] : given;
}

/** Voice with the webhooks of a plan, and the Client SDK. */
export function capabilitiesOf(plan: Omit<ApplicationPlan, 'name'>): Capabilities {
  const { answerUrl, fallbackUrl, eventUrl, signedCallbacks, region } = plan;
  return {
    voice: {
      webhooks: {
        ...(answerUrl !== undefined && { answer_url: webhook(answerUrl, 'GET') }),
        ...(fallbackUrl !== undefined && { fallback_answer_url: webhook(fallbackUrl, 'GET') }),
        ...(eventUrl !== undefined && { event_url: webhook(eventUrl, 'POST') }),
      },
      signed_callbacks: signedCallbacks ?? true,
      ...(region && { region }),
    },
    rtc: {},
  };
}

function webhook(plan: WebhookPlan, usual: WebhookAddress['method']) {
  const { address, method, connectTimeout, socketTimeout } =
    typeof plan === 'string' ? { address: plan } : plan;
  return {
    address,
    http_method: method ?? usual,
    ...(connectTimeout !== undefined && { connect_timeout: connectTimeout }),
    ...(socketTimeout !== undefined && { socket_timeout: socketTimeout }),
  };
}

/** A number that an account owns from the start. */
export function ownNumber(msisdn: string, applicationId?: string): OwnedNumber {
  return { ...lineOf(msisdn), ...(applicationId !== undefined && { applicationId }), settings: {} };
}

function nowIn(world: World): string {
  return new Date(world.now()).toISOString();
}
