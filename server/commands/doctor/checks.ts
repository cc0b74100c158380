import { nextOpening } from '../../../domain/desk/hours.ts';
import type { DeskReading } from '../../config/desk-file.ts';
import type { StorePlace } from '../../store/store.ts';
import { CLOCK_TOLERANCE } from '../../voice/signature.ts';
import type { Application, OwnNumber } from '../../vonage/account.ts';
import { isSameKey } from '../setup/key-pair.ts';
import { type Region, regionOf } from '../setup/regions.ts';
import { foreignAddresses, placesOf, sameWebhooks, webhooksAt } from '../setup/webhooks.ts';

/** The result of one check. `fault`: calls do not work correctly. */
export interface Finding {
  about: string;
  state: 'good' | 'warning' | 'fault' | 'not checked';
  words: string;
  /** What to do about it, if anything. */
  remedy?: string;
}

/** The settings of this installation. */
export interface Installation {
  applicationId: string;
  publicKey: string;
  publicUrl: string | undefined;
  region: Region | undefined;
  number: string | undefined;
  signatureSecrets: readonly string[];
  apiSecret: string | undefined;
}

const SETUP = 'To fix this, run: npm run setup';
/** Clock difference in seconds that causes no warning. */
const CLOCK_CARE = 30;

const good = (about: string, words: string): Finding => ({ about, state: 'good', words });
const fault = (about: string, words: string, remedy: string): Finding => ({
  about,
  state: 'fault',
  words,
  remedy,
});
const warning = (about: string, words: string, remedy: string): Finding => ({
  about,
  state: 'warning',
  words,
  remedy,
});

/** Checks an application against this installation. Undefined: the account has no application with this id. */
export function checkApplication(here: Installation, application: Application | undefined): Finding[] {
  if (application === undefined) {
    return [
      fault(
        'Application',
        `the account has no application ${here.applicationId}`,
        'Is VONAGE_API_KEY from the right account? If so, remove VONAGE_APPLICATION_ID from .env, and run: npm run setup',
      ),
    ];
  }
  return [
    good('Application', `"${application.name}", ${application.id}`),
    isSameKey(application.publicKey, here.publicKey)
      ? good('Key', 'the private key belongs to the application')
      : fault(
          'Key',
          'the private key does not match the application: no agent can connect to Vonage',
          'Set VONAGE_PRIVATE_KEY to the application’s private key, or replace its public key: npm run setup -- --force',
        ),
    checkRegion(here.region, application.region),
    ...checkWebhooks(here.publicUrl, application),
    application.hasRtc
      ? good('RTC', 'is on')
      : fault('RTC', 'is off: calls cannot reach the agent page', SETUP),
    application.signsCallbacks
      ? good('Signed callbacks', 'are on')
      : fault('Signed callbacks', 'are off: Vonage does not sign its webhooks', SETUP),
  ];
}

function checkRegion(here: Region | undefined, voiceRegion: string | undefined): Finding {
  const there = regionOf(voiceRegion);
  if (there === here) return good('Region', here ?? voiceRegion ?? 'not set; Vonage chooses');
  if (there === undefined) {
    return warning('Region', `VONAGE_REGION is ${here}, but the application has none`, SETUP);
  }
  return fault(
    'Region',
    `the application is in ${voiceRegion}, and VONAGE_REGION is ${here ?? 'not set'}`,
    `Set VONAGE_REGION=${there} in .env.`,
  );
}

function checkWebhooks(publicUrl: string | undefined, { webhooks }: Application): Finding[] {
  if (publicUrl === undefined) {
    const remedy = 'Set PUBLIC_URL in .env to the public address of this server.';
    return [fault('Webhooks', 'cannot be compared: PUBLIC_URL is not set', remedy)];
  }
  const wanted = webhooksAt(publicUrl);
  if (sameWebhooks(webhooks, wanted)) return [good('Webhooks', `point to ${publicUrl}`)];
  const foreign = foreignAddresses(webhooks, wanted);
  return [
    foreign.length > 0
      ? fault(
          'Webhooks',
          `point to ${placesOf(foreign, wanted).join(', ')}`,
          'To point them here, run: npm run setup -- --force',
        )
      : fault('Webhooks', 'are incomplete, or use the wrong HTTP method', SETUP),
  ];
}

/** No API returns the secret, so only obvious mistakes can be found. */
export function checkSignatureSecret({ signatureSecrets, apiSecret }: Installation): Finding {
  const about = 'Signature secret';
  const where = 'It is in the dashboard: https://dashboard.vonage.com/settings';
  if (signatureSecrets.length === 0) {
    return warning(
      about,
      'is not set: anyone who knows the webhook URLs can send webhooks',
      `Set VONAGE_SIGNATURE_SECRET in .env. ${where}`,
    );
  }
  if (apiSecret !== undefined && signatureSecrets.includes(apiSecret)) {
    return fault(about, 'is the API secret instead: every webhook is rejected', where);
  }
  return good(about, 'is set; the first call shows whether it is correct');
}

/** @param here, there milliseconds since 1970 */
export function checkClock(here: number, there: number): Finding {
  const off = Math.round((here - there) / 1000);
  const words = `is ${Math.abs(off)} s ${off > 0 ? 'ahead of' : 'behind'} Vonage's`;
  const remedy = 'Synchronise this machine’s clock by NTP.';
  // The header has whole seconds, and the response takes time.
  if (Math.abs(off) <= 2) return good('Clock', "agrees with Vonage's");
  if (Math.abs(off) >= CLOCK_TOLERANCE) {
    return fault('Clock', `${words}: signed webhooks and tokens are rejected`, remedy);
  }
  return Math.abs(off) > CLOCK_CARE ? warning('Clock', words, remedy) : good('Clock', words);
}

/** Checks the number that callers dial. @param owned all numbers of the account */
export function checkNumber(
  { number, applicationId }: Pick<Installation, 'number' | 'applicationId'>,
  owned: readonly OwnNumber[],
): Finding {
  const linked = owned.filter((one) => one.applicationId === applicationId);
  if (number === undefined) {
    const [first] = linked;
    return first === undefined
      ? fault('Number', 'no number is linked to the application: nobody can call', SETUP)
      : warning(
          'Number',
          `+${first.msisdn} is linked, but VONAGE_NUMBER is not set, so the pages cannot show it`,
          `Set VONAGE_NUMBER=${first.msisdn} in .env.`,
        );
  }
  const own = owned.find((one) => one.msisdn === number);
  if (own === undefined) {
    return fault(
      'Number',
      `the account does not own +${number}`,
      'Set VONAGE_NUMBER to one that it owns, or remove it and run: npm run setup',
    );
  }
  if (!own.hasVoice)
    return fault('Number', `+${number} has no voice`, 'Link a voice number to the application.');
  if (own.applicationId === applicationId) return good('Number', `+${number} is linked to the application`);
  return own.applicationId === undefined && own.forwardsTo === undefined
    ? fault('Number', `+${number} is not linked to any application: calls to it fail`, SETUP)
    : fault(
        'Number',
        own.applicationId === undefined
          ? `+${number} forwards calls to ${own.forwardsTo}`
          : `+${number} is linked to another application, ${own.applicationId}`,
        'To link it to this application, run: npm run setup -- --force',
      );
}

/** Checks that every agent has a user, which calls are connected to. */
export function checkUsers(agents: readonly string[], missing: readonly string[]): Finding {
  return missing.length === 0
    ? good('Users', agents.join(', '))
    : fault(
        'Users',
        `missing at Vonage: ${missing.join(', ')}`,
        'Start the server, which creates them: those whom it calls at once, the others when they sign in.',
      );
}

/** Checks the desk file. @param now milliseconds since 1970 */
export function checkDesk(file: string, reading: DeskReading, now: number): Finding[] {
  const about = 'Desk file';
  if (!reading.ok)
    return reading.faults.map((words) => fault(about, words, 'docs/desk.md explains each field.'));
  const queues = Object.values(reading.desk.rules.queues);
  const closed = queues.filter(({ hours }) => hours !== null && nextOpening(hours, now) === null);
  return [
    good(about, `${file}: ${queues.map(({ name }) => name).join(', ')}`),
    ...closed.map(({ name }) =>
      warning(about, `the queue ${name} is closed for more than a year`, 'Look at its hours and exceptions.'),
    ),
  ];
}

/** The result of loading a piece of music. */
export type Heard = { kind: 'music' } | { kind: 'other'; type: string } | { kind: 'nothing'; why: string };

/** Checks whether callers can hear the music of the desk file. */
export function checkMusic(url: string, heard: Heard): Finding {
  const about = 'Music';
  switch (heard.kind) {
    case 'music':
      return good(about, `${url} can be loaded`);
    case 'other':
      return fault(
        about,
        `${url} is ${heard.type}, not MP3 or WAV: callers hear silence`,
        'Set music to an audio file.',
      );
    case 'nothing':
      return fault(
        about,
        `${url} cannot be loaded (${heard.why}): callers hear silence`,
        'Vonage must be able to load it without signing in. Without music, the desk has its own.',
      );
  }
}

/** The result of a request to PUBLIC_URL. */
export type Reached =
  /** `feed`: what proxies do to feeds; null where the server is too old to be asked. */
  | { kind: 'switchboard'; feed: FeedCheck | null }
  | { kind: 'another'; status: number }
  | { kind: 'nothing'; why: string };

/** What became of a feed, and of the headers that asked for it, on their way through proxies. */
export type FeedCheck =
  /** `isLive`: whether each message arrives when it is sent. `headers`: names of those that arrived. */
  { kind: 'read'; isLive: boolean; headers: readonly string[] } | { kind: 'unreadable'; why: string };

/** Checks whether the public address reaches this server, from this machine, and what is between. */
export function checkPublicUrl(publicUrl: string, reached: Reached): Finding[] {
  const about = 'PUBLIC_URL';
  switch (reached.kind) {
    case 'switchboard':
      return [good(about, `${publicUrl} reaches this server`), ...checkProxy(publicUrl, reached.feed)];
    case 'another':
      return [
        fault(
          about,
          `${publicUrl} reaches another server, which answered ${reached.status}`,
          'Is the server running (npm start), and does the proxy or tunnel point to its port?',
        ),
      ];
    case 'nothing':
      return [
        fault(
          about,
          `${publicUrl} cannot be reached from here (${reached.why})`,
          'Is the server running (npm start)? Is the proxy or tunnel up, and does the host name point to it? For a quick test: npm run dev -- --tunnel',
        ),
      ];
  }
}

/** @param why what the store says; undefined: it can be read */
export function checkStore({ databaseUrl, dataDir }: StorePlace, why: string | undefined): Finding {
  const place = databaseUrl === undefined ? 'SQLite in DATA_DIR' : 'the database at DATABASE_URL';
  if (why === undefined) return good('Store', `${place} can be read`);
  return fault(
    'Store',
    `${place} cannot be read: ${why}`,
    databaseUrl === undefined
      ? `Look at the disk and the rights of ${dataDir}. docs/operations.md says how to restore a backup.`
      : 'Is the database running, and are name and password in DATABASE_URL correct?',
  );
}

/** What does not work without a header. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  'last-event-id': 'a console whose connection was cut shows too little until it is loaded again',
  range: 'nobody can skip within a voicemail',
  'x-forwarded-for':
    'wrong access codes of everybody are counted together, as if one person had entered them',
};

function checkProxy(publicUrl: string, feed: FeedCheck | null): Finding[] {
  if (feed === null) return [];
  const about = 'Proxy';
  const remedy = 'Configure it as in docs/deploy.md.';
  if (feed.kind === 'unreadable') {
    return [
      warning(
        about,
        `the feed at ${publicUrl}/healthz/stream cannot be read (${feed.why}): pages may show calls late, or not at all`,
        `Is a proxy or tunnel between that buffers feeds, or refuses them? ${remedy}`,
      ),
    ];
  }
  const found: Finding[] = [];
  if (!feed.isLive) {
    found.push(
      fault(
        about,
        'it holds feeds back: pages show calls late, or not at all',
        `Turn its buffering off. ${remedy}`,
      ),
    );
  }
  if (!feed.headers.includes('authorization')) {
    found.push(fault(about, 'it removes Authorization: signed webhooks are refused', remedy));
  }
  // Without TLS, there may be no proxy that could set headers.
  const isProxied = URL.parse(publicUrl)?.protocol === 'https:';
  for (const [name, consequence] of Object.entries(CONSEQUENCES)) {
    if (feed.headers.includes(name) || (name === 'x-forwarded-for' && !isProxied)) continue;
    found.push(warning(about, `the header ${name} does not arrive: ${consequence}`, remedy));
  }
  return found.length > 0 ? found : [good(about, 'feeds arrive at once, and so do all headers')];
}
