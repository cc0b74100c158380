import './no-debug-log.ts';
import { Vonage } from '@vonage/server-sdk';
import type {
  Account,
  AccountAccess,
  Application,
  ApplicationDraft,
  ApplicationKey,
  OwnNumber,
  VoiceWebhooks,
  Webhook,
} from './account.ts';
import { AccountError, accountError, responseOf } from './account-error.ts';
import { applicationFrom, offer, ownNumber } from './account-shapes.ts';

/** Request timeout in milliseconds. */
const REQUEST_MS = 15_000;

/** Items per page: Vonage's maximum. */
const PAGE = 100;

type SdkApplication = Parameters<Vonage['applications']['updateApplication']>[0];
type SdkVoice = NonNullable<SdkApplication['capabilities']['voice']>;

/** The account of an API key, accessed with the server SDK. */
export function createAccount({ apiKey, apiSecret, hosts }: AccountAccess): Account {
  const options = { apiHost: hosts.api, restHost: hosts.rest, timeout: REQUEST_MS };
  // Without a private key string, the SDK tries to read a file with an empty name, and Node prints a warning.
  const { applications, numbers } = new Vonage({ apiKey, apiSecret, privateKey: '' }, options);

  const usersOf = (key: ApplicationKey) =>
    new Vonage({ ...key }, { apiHost: hosts.users, timeout: REQUEST_MS }).users;
  const told = async <T>(host: string, asked: () => Promise<T>): Promise<T> => {
    try {
      return await asked();
    } catch (error) {
      throw error instanceof AccountError ? error : await accountError(error, host);
    }
  };
  const onApi = <T>(asked: () => Promise<T>) => told(hosts.api, asked);
  const onRest = <T>(asked: () => Promise<T>) => told(hosts.rest, asked);
  const onUsers = <T>(asked: () => Promise<T>) => told(hosts.users, asked);

  return {
    applications: () =>
      onApi(async () => {
        const all: Application[] = [];
        for await (const one of applications.listAllApplications({ pageSize: PAGE })) {
          all.push(applicationFrom(one));
        }
        return all;
      }),

    numbers: () =>
      onRest(async () => {
        const all: OwnNumber[] = [];
        for (let index = 1; ; index += 1) {
          const { count = 0, numbers: page = [] } = await numbers.getOwnedNumbers({ size: PAGE, index });
          all.push(...page.map((one) => ownNumber.parse(one)));
          if (page.length === 0 || all.length >= count) return all;
        }
      }),

    offers: (country, containing) =>
      onRest(async () => {
        const filter = { country, size: PAGE, ...(containing !== undefined && { pattern: containing }) };
        const found = await numbers.getAvailableNumbers(filter);
        return (found.numbers ?? []).flatMap((one) => {
          const { hasVoice, ...rest } = offer.parse(one);
          return hasVoice ? [rest] : [];
        });
      }),

    createApplication: (draft) =>
      onApi(async () => {
        const { name, publicKey } = draft;
        const made = await applications.createApplication({
          name,
          ...publicHalf(publicKey),
          capabilities: capabilitiesOf({}, draft),
        });
        return applicationFrom(made);
      }),

    updateApplication: (id, draft) =>
      onApi(async () => {
        const { keys, ...present }: SdkApplication = await applications.getApplication(id);
        await applications.updateApplication({
          ...present,
          name: draft.name,
          ...publicHalf(draft.publicKey ?? keys?.publicKey),
          capabilities: capabilitiesOf(present.capabilities ?? {}, draft),
        });
      }),

    pointWebhooks: (id, webhooks) =>
      onApi(async () => {
        const { keys, ...present }: SdkApplication = await applications.getApplication(id);
        const voice = withWebhooks(present.capabilities?.voice, webhooks);
        await applications.updateApplication({
          ...present,
          ...publicHalf(keys?.publicKey),
          capabilities: { ...present.capabilities, voice },
        });
      }),

    buyNumber: ({ country, msisdn }) =>
      onRest(async () => accepted(await numbers.buyNumber({ country, msisdn }), hosts.rest)),

    linkNumber: ({ country, msisdn, moHttpUrl, voiceStatusCallback }, applicationId) =>
      onRest(async () => {
        // Fields that are not sent again are removed.
        const kept = {
          ...(moHttpUrl !== undefined && { moHttpUrl }),
          ...(voiceStatusCallback !== undefined && { voiceStatusCallback }),
        };
        accepted(await numbers.updateNumber({ country, msisdn, appId: applicationId, ...kept }), hosts.rest);
      }),

    hasUser: (key, name) =>
      onUsers(async () => {
        try {
          const page = await usersOf(key).getUserPage({ name });
          return page._embedded?.users.some((user) => user.name === name) ?? false;
        } catch (error) {
          if (responseOf(error)?.status === 404) return false;
          throw error;
        }
      }),

    createUser: (key, name) =>
      onUsers(async () => {
        try {
          await usersOf(key).createUser({ name, displayName: name });
        } catch (error) {
          // The server or another setup may have created it meanwhile.
          if (responseOf(error)?.status !== 409) throw error;
        }
      }),

    time: () =>
      onApi(async () => {
        const signal = AbortSignal.timeout(REQUEST_MS);
        const { headers } = await fetch(hosts.api, { method: 'HEAD', redirect: 'manual', signal });
        const time = Date.parse(headers.get('date') ?? '');
        if (Number.isNaN(time)) throw new AccountError('refused', `${hosts.api} sends no date`);
        return time;
      }),
  };
}

/** Sending keys without a public key would request new ones. */
function publicHalf(publicKey: string | undefined) {
  return publicKey === undefined ? {} : { keys: { publicKey } };
}

/** The application with the changes of the draft. */
function capabilitiesOf(
  present: SdkApplication['capabilities'],
  { webhooks, region }: ApplicationDraft,
): SdkApplication['capabilities'] {
  const voice: SdkVoice = {
    ...withWebhooks(present.voice, webhooks),
    signedCallbacks: true,
    ...(region !== undefined && { region }),
  };
  const capabilities: SdkApplication['capabilities'] = { ...present, voice };
  // The SDK's type requires webhooks here that the API does not.
  if (capabilities.rtc === undefined) Object.assign(capabilities, { rtc: {} });
  return capabilities;
}

/** With exactly these webhooks. Keeps their timeouts. */
function withWebhooks(voice: SdkVoice | undefined, { answer, event, fallback }: VoiceWebhooks): SdkVoice {
  const { answerUrl, eventUrl, fallbackAnswerUrl } = voice?.webhooks ?? {};
  const put = <T extends object>(old: T | undefined, { address, method }: Webhook) => ({
    ...old,
    address,
    httpMethod: method,
  });
  return {
    ...voice,
    // Rebuilt, because the SDK's result has each webhook under two names and would send either.
    webhooks: {
      ...(answer && { answerUrl: put(answerUrl, answer) }),
      ...(event && { eventUrl: put(eventUrl, event) }),
      ...(fallback && { fallbackAnswerUrl: put(fallbackAnswerUrl, fallback) }),
    },
  };
}

/** The Numbers API may report errors with status 200. */
function accepted(
  { errorCode, errorCodeLabel }: { errorCode?: string; errorCodeLabel?: string },
  host: string,
) {
  if (errorCode === '200') return;
  throw new AccountError('refused', `${host} answered with ${errorCode}: ${errorCodeLabel}`);
}
