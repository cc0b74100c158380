import type { Application, VoiceWebhooks } from '../../vonage/account.ts';
import { isSameKey } from './key-pair.ts';
import { type Region, regionOf } from './regions.ts';
import { foreignAddresses, hasWebhooks, placesOf, sameWebhooks } from './webhooks.ts';

export interface ApplicationWish {
  /** The id of the application to use. */
  id: string | undefined;
  /** The name of a new application, or of one without webhooks to take over. */
  name: string;
  webhooks: VoiceWebhooks;
  /** PEM; undefined: the key pair does not exist yet. */
  publicKey: string | undefined;
  /** Undefined: any. */
  region: Region | undefined;
}

export type ApplicationChoice =
  | { kind: 'create' }
  /** `lacks`: what must be changed; `costs`: what others lose by it, one sentence each. */
  | { kind: 'use'; application: Application; lacks: string[]; costs: string[] }
  | { kind: 'impossible'; why: string; remedy: string };

/**
 * Chooses the application: the one with the given id, else with these webhooks, else with this key, else with
 * this name, else a new one.
 */
export function chooseApplication(
  wish: ApplicationWish,
  applications: readonly Application[],
): ApplicationChoice {
  const { id, name, webhooks, publicKey } = wish;
  if (id !== undefined) {
    const named = applications.find((one) => one.id === id);
    if (named) return use(named, wish);
    return {
      kind: 'impossible',
      why: `The account has no application ${id}.`,
      remedy:
        'Is VONAGE_API_KEY from the right account? If so, remove VONAGE_APPLICATION_ID: setup then finds or creates an application.',
    };
  }
  const answering = applications.filter(
    (one) =>
      one.webhooks.answer !== undefined &&
      foreignAddresses({ answer: one.webhooks.answer }, webhooks).length === 0,
  );
  const keyed = applications.filter((one) => isSameKey(one.publicKey, publicKey));
  const both = answering.filter((one) => keyed.includes(one));
  const [only, another] = both.length > 0 ? both : answering;
  if (only && another) {
    const ids = (both.length > 0 ? both : answering).map((one) => one.id).join(', ');
    return {
      kind: 'impossible',
      why: `Several applications have these webhooks: ${ids}.`,
      remedy: 'Set VONAGE_APPLICATION_ID to the right one.',
    };
  }
  const called = applications.filter((one) => one.name === name);
  const found = only ?? keyed[0] ?? called.find((one) => !hasWebhooks(one.webhooks)) ?? called[0];
  return found ? use(found, wish) : { kind: 'create' };
}

function use(application: Application, wish: ApplicationWish): ApplicationChoice {
  const { webhooks, publicKey, region } = wish;
  const foreign = foreignAddresses(application.webhooks, webhooks);
  const hasOurKey = isSameKey(application.publicKey, publicKey);
  const lacks = [
    ...(sameWebhooks(application.webhooks, webhooks) ? [] : ['webhooks']),
    ...(application.hasRtc ? [] : ['RTC']),
    ...(application.signsCallbacks ? [] : ['signed callbacks']),
    ...(hasOurKey ? [] : ['public key']),
    ...(region === undefined || regionOf(application.region) === region ? [] : ['region']),
  ];
  const costs = [
    ...(foreign.length === 0
      ? []
      : [
          `Its webhooks point to ${placesOf(foreign, webhooks).join(', ')}, which would no longer get calls.`,
        ]),
    ...(hasOurKey || application.publicKey === undefined
      ? []
      : [
          'Its public key does not match this installation. Programs that use the current key would be locked out.',
        ]),
  ];
  return { kind: 'use', application, lacks, costs };
}
