import type { TokenGrant } from '../../domain/api/page-api.ts';
import type { VonageSettings } from '../config/config.ts';

/** What is needed to work with one Vonage application, wherever its platform runs. */
export interface PlatformAccess {
  applicationId: string;
  /** PEM. */
  privateKey: string;
  /** Base address of the REST API, without a slash at its end. */
  apiHost: string;
  /** How the Client SDK in the page finds the platform. */
  sdk: TokenGrant['sdk'];
  /** The number that callers dial, E.164 without `+`, or null where nobody told. */
  number: string | null;
  /** The emulator's phone page, or null. */
  phoneUrl: string | null;
}

/** Access to the application that the environment names. */
export function accessOf(settings: VonageSettings): PlatformAccess {
  const { apiUrl, region } = settings;
  return {
    applicationId: settings.applicationId,
    privateKey: settings.privateKey,
    // The regional hosts are those that the Client SDK uses; without a region Vonage finds it.
    apiHost: apiUrl ?? (region === undefined ? 'https://api.nexmo.com' : `https://api-${region}.vonage.com`),
    sdk: {
      region: sdkRegions[region ?? 'us'],
      ...(apiUrl !== undefined && { apiUrl, websocketUrl: apiUrl }),
    },
    number: settings.number ?? null,
    phoneUrl: null,
  };
}

/** Access to an emulated platform that runs in this process. */
export function accessOfEmulator(platform: {
  readonly url: string;
  readonly credentials: {
    readonly application_id: string;
    readonly private_key: string;
    readonly number: string;
  };
}): PlatformAccess {
  const { url, credentials } = platform;
  const { application_id: applicationId, private_key: privateKey, number } = credentials;
  const settings = {
    applicationId,
    privateKey,
    apiUrl: url,
    number,
    region: undefined,
    accessCodes: undefined,
  };
  return { ...accessOf({ kind: 'vonage', ...settings }), phoneUrl: `${url}/` };
}

const sdkRegions = { us: 'US', eu: 'EU', ap: 'AP' } as const;
