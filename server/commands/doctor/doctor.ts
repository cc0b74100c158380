import { basisOf, type Config, type VonageSettings } from '../../config/config.ts';
import { loadDeskFile } from '../../config/desk-file.ts';
import { peekAgents } from '../../people/roster.ts';
import { faultOf } from '../../store/store.ts';
import type { Account, AccountAccess } from '../../vonage/account.ts';
import { hostsOf } from '../../vonage/account.ts';
import { AccountError } from '../../vonage/account-error.ts';
import { publicHalf } from '../setup/key-pair.ts';
import {
  checkApplication,
  checkClock,
  checkDesk,
  checkMusic,
  checkNumber,
  checkPublicUrl,
  checkSignatureSecret,
  checkStore,
  checkUsers,
  type Finding,
  type Heard,
  type Installation,
  type Reached,
} from './checks.ts';

interface DoctorParts {
  config: Config & { platform: VonageSettings };
  /** Undefined: not set, so the account cannot be checked. */
  apiSecret: string | undefined;
  connect: (access: AccountAccess) => Account;
  reach: (publicUrl: string) => Promise<Reached>;
  /** Loads a piece of music. */
  hear: (url: string) => Promise<Heard>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Compares an installation with its Vonage account. Changes nothing. A failed check does not stop the others. */
export async function examine({
  config,
  apiSecret,
  connect,
  reach,
  hear,
  now,
}: DoctorParts): Promise<Finding[]> {
  const { platform, apiKey, publicUrl, signatureSecrets } = config;
  const { applicationId, privateKey, region, number, apiUrl } = platform;
  const hosts = hostsOf(apiUrl, region);
  const account = connect({ apiKey: apiKey ?? '', apiSecret: apiSecret ?? '', hosts });
  const here: Installation = {
    applicationId,
    publicKey: publicHalf(privateKey),
    publicUrl,
    region,
    number,
    signatureSecrets,
    apiSecret,
  };
  const hasCredentials = apiKey !== undefined && apiSecret !== undefined;
  const findings = await Promise.all([
    looked('Clock', async () => [checkClock(now(), await account.time())]),
    hasCredentials ? lookAtAccount(here, account) : [unknownAccount],
    [checkSignatureSecret(here)],
    looked('Users', async () => {
      const key = { applicationId, privateKey };
      const { agents } = await peekAgents(config);
      const missing: string[] = [];
      for (const name of agents) if (!(await account.hasUser(key, name))) missing.push(name);
      return [checkUsers(agents, missing)];
    }),
    publicUrl === undefined ? [] : checkPublicUrl(publicUrl, await reach(publicUrl)),
    [checkStore(config, await faultOf(config))],
    lookAtDesk(config, hear, now()),
  ]);
  return findings.flat();
}

/** Checks the desk file and its music, where there is one. */
export async function lookAtDesk(
  config: Config,
  hear: (url: string) => Promise<Heard>,
  now: number,
): Promise<Finding[]> {
  const { routing, deskFile } = config;
  if (routing !== 'desk' || deskFile === undefined) return [];
  const { known } = await peekAgents(config);
  const reading = loadDeskFile(deskFile, basisOf(config, known));
  const queues = reading.ok ? Object.values(reading.desk.rules.queues) : [];
  const music = new Set(queues.flatMap((queue) => queue.music ?? []));
  return [
    ...checkDesk(deskFile, reading, now),
    ...(await Promise.all(Array.from(music, async (url) => checkMusic(url, await hear(url))))),
  ];
}

const unknownAccount: Finding = {
  about: 'Account',
  state: 'not checked',
  words: 'checking application, webhooks and number needs VONAGE_API_KEY and VONAGE_API_SECRET',
  remedy: 'Set both in .env. They are at https://dashboard.vonage.com/settings',
};

async function lookAtAccount(here: Installation, account: Account): Promise<Finding[]> {
  return looked('Account', async () => {
    const applications = await account.applications();
    const application = applications.find((one) => one.id === here.applicationId);
    return [
      { about: 'Account', state: 'good', words: 'Vonage accepts the API key and its secret' } as const,
      ...checkApplication(here, application),
      ...(await looked('Number', async () => [checkNumber(here, await account.numbers())])),
    ];
  });
}

/** The findings of a check, or why it failed. */
async function looked(about: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    const remedies: Record<string, string> = {
      credentials:
        about === 'Users'
          ? 'Check that VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY and VONAGE_REGION belong to the same application.'
          : 'Compare VONAGE_API_KEY and VONAGE_API_SECRET with https://dashboard.vonage.com/settings',
      unreachable: 'Check this machine’s internet connection, and https://vonage.statuspage.io',
    };
    const remedy = remedies[error.kind] ?? 'Try again in a minute.';
    return [{ about, state: 'fault', words: error.message, remedy }];
  }
}
