import type { TokenGrant } from '../../domain/api/page-api.ts';
import type { VonageSettings } from '../config/config.ts';

/** Access to one Vonage application, at Vonage or another platform. */
export interface PlatformAccess {
  applicationId: string;
  /** PEM. */
  privateKey: string;
  /** Base URL of the REST API, without a trailing slash. */
  apiHost: string;
  /** Where the Client SDK in the page connects. */
  sdk: TokenGrant['sdk'];
  /** The number that callers dial, E.164 without `+`; null if not configured. */
  number: string | null;
  /** The emulator's phone page, or null. */
  phoneUrl: string | null;
}

/** Access to the configured application. */
export function accessOf(settings: VonageSettings): PlatformAccess {
  const { apiUrl, region } = settings;
  return {
    applicationId: settings.applicationId,
    privateKey: settings.privateKey,
    // Regional hosts as in the Client SDK. Without a region, Vonage finds the application itself.
    apiHost: apiUrl ?? (region === undefined ? 'https://api.nexmo.com' : `https://api-${region}.vonage.com`),
    sdk: {
      region: sdkRegions[region ?? 'us'],
      ...(apiUrl !== undefined && { apiUrl, websocketUrl: apiUrl }),
    },
    number: settings.number ?? null,
    phoneUrl: null,
  };
}

/** Access to the emulated platform in this process. */
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
