import { relative } from 'node:path';
import type { Account, ApplicationDraft, PlatformHosts } from '../../vonage/account.ts';
import { requestStep, type Step } from './carry-out.ts';
import type { ApplicationChoice } from './choose-application.ts';
import { writeEnvFile } from './env-file.ts';
import { type FoundNumber, inWords } from './find-number.ts';
import { closeFile, type KeyAtHand, makeKeyPair, USUAL_KEY_FILE } from './key-pair.ts';
import type { SetupOptions } from './options.ts';
import { regionOf, voiceRegionOf } from './regions.ts';
import { webhooksAt } from './webhooks.ts';
import { type Given, givenIn, type Wishes } from './wishes.ts';

/** What setup has found before it changes anything. */
export interface Findings {
  wishes: Wishes;
  key: KeyAtHand;
  account: Account;
  hosts: PlatformHosts;
  application: Exclude<ApplicationChoice, { kind: 'impossible' }>;
  number: FoundNumber;
  /** Agents without a user. */
  users: readonly string[];
}

interface PlanParts extends Findings {
  options: Pick<SetupOptions, 'name'>;
  /** The variables in .env. */
  kept: Readonly<Record<string, string | undefined>>;
  /** Of .env. */
  file: string;
  folder: string;
}

/** The steps to take, in order; none if everything is correct. */
export function planSteps(parts: PlanParts): Step[] {
  return [
    ...keySteps(parts),
    ...applicationSteps(parts),
    ...numberSteps(parts),
    ...userSteps(parts),
    ...fileSteps(parts),
  ];
}

function keySteps({ key, folder }: PlanParts): Step[] {
  if (key.file === undefined) return [];
  const { file } = key;
  const name = relative(folder, file);
  if (key.kind === 'there') {
    if (!key.isOpen) return [];
    const title = `Make ${name} readable only by you`;
    return [{ title, shown: [`chmod 600 ${name}`], run: async () => closeFile(file) }];
  }
  return [
    {
      title: `Create a key pair, with the private key in ${name}`,
      shown: [`write ${name}, readable only by its owner`],
      run: async (progress) => void Object.assign(progress, await makeKeyPair(file)),
    },
  ];
}

function applicationSteps({ application, wishes, key, account, hosts, options }: PlanParts): Step[] {
  const { publicUrl, region } = wishes;
  // A new key is inserted once the step before has created it.
  const publicKey = key.kind === 'there' ? key.publicKey : '(the new key)';
  const draft: ApplicationDraft = {
    name: options.name,
    publicKey,
    webhooks: webhooksAt(publicUrl),
    region: region === undefined ? undefined : voiceRegionOf(region),
  };
  if (application.kind === 'create') {
    const title = `Create the application "${options.name}" with webhooks at ${publicUrl}`;
    return [requestStep(title, { kind: 'create application', draft }, account, hosts)];
  }
  const { application: present, lacks } = application;
  if (lacks.length === 0) return [];
  const change = {
    ...draft,
    name: present.name,
    publicKey: lacks.includes('public key') ? publicKey : undefined,
    region: lacks.includes('region') ? draft.region : undefined,
  };
  const title = `Update the application "${present.name}": ${lacks.join(', ')}`;
  return [
    requestStep(title, { kind: 'update application', application: present, draft: change }, account, hosts),
  ];
}

function numberSteps({ application, number, account, hosts }: PlanParts): Step[] {
  if (number.kind === 'linked') return [];
  const applicationId = application.kind === 'use' ? application.application.id : undefined;
  const link = (msisdn: string, linked: Extract<FoundNumber, { kind: 'link' }>['number']) =>
    requestStep(
      `Link +${msisdn} to the application`,
      { kind: 'link number', number: linked, applicationId },
      account,
      hosts,
    );
  if (number.kind === 'link') return [link(number.number.msisdn, number.number)];
  const { country, msisdn } = number.offer;
  const bought = {
    country,
    msisdn,
    hasVoice: true,
    applicationId: undefined,
    forwardsTo: undefined,
    moHttpUrl: undefined,
    voiceStatusCallback: undefined,
  };
  return [
    requestStep(
      `Buy ${inWords(number.offer)}`,
      { kind: 'buy number', number: { country, msisdn } },
      account,
      hosts,
    ),
    link(msisdn, bought),
  ];
}

function userSteps({ users, account, hosts }: PlanParts): Step[] {
  return users.map((name) =>
    requestStep(`Create the user ${name}`, { kind: 'create user', name }, account, hosts),
  );
}

function fileSteps(parts: PlanParts): Step[] {
  const { kept, file } = parts;
  const changed = (applicationId: string) =>
    Object.fromEntries(
      Object.entries(settingsOf(parts, applicationId)).filter(([name, value]) => kept[name] !== value),
    );
  // Any ID shows that the setting changes.
  const present = parts.application.kind === 'use' ? parts.application.application.id : 'new';
  const names = Object.keys(changed(present));
  if (names.length === 0) return [];
  return [
    {
      title: `Write ${names.length} ${names.length === 1 ? 'setting' : 'settings'} to .env`,
      shown: [
        'write .env, readable only by its owner; everything else in it stays',
        ...names.map((name) => `    ${name}`),
      ],
      run: async (progress) => writeEnvFile(file, changed(progress.applicationId ?? present)),
    },
  ];
}

/** The settings that the server needs for this setup. */
function settingsOf({ wishes, key, application, number }: PlanParts, applicationId: string): Given {
  const { given, region } = wishes;
  const msisdn = number.kind === 'buy' ? number.offer.msisdn : number.number.msisdn;
  const found = region ?? (application.kind === 'use' ? regionOf(application.application.region) : undefined);
  const { VONAGE_PRIVATE_KEY: privateKey = USUAL_KEY_FILE, ...others } = given;
  return givenIn({
    ...others,
    VONAGE_APPLICATION_ID: applicationId,
    // A key given as text in the environment stays there.
    ...(key.file !== undefined && { VONAGE_PRIVATE_KEY: privateKey }),
    // In the notation of the user.
    VONAGE_NUMBER: wishes.number === msisdn ? (given.VONAGE_NUMBER ?? msisdn) : msisdn,
    ...(found !== undefined && { VONAGE_REGION: found }),
  });
}
