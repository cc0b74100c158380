import './no-debug-log.ts';
import { tokenGenerate } from '@vonage/jwt';
import { Vonage } from '@vonage/server-sdk';
import type { PlatformAccess } from './platform-access.ts';

/** Milliseconds that one request to the platform may take. */
const REQUEST_MS = 5_000;

/** Milliseconds in which the platform must show that it is there. */
const PROBE_MS = 2_000;

/** Milliseconds after which a user is looked for again: another platform may run there by then. */
const KNOWN_MS = 60_000;

/** Seconds that a user's token lives. The page refreshes it before. */
export const USER_TOKEN_SECONDS = 900;

/** Seconds that a token lives by which a call is asked for. */
const CALL_TOKEN_SECONDS = 60;

/** The paths that a page needs to take calls, and no others. */
const USER_PATHS = [
  'users',
  'conversations',
  'sessions',
  'devices',
  'image',
  'media',
  'applications',
  'push',
  'knocking',
  'legs',
  'rtc',
];

/** What Switchboard asks of Vonage. */
export interface VonageApi {
  /** Creates the user that the Client SDK signs in as, unless it exists. Throws a PlatformError. */
  ensureUser(name: string): Promise<void>;
  /** A token with which a page acts as this user, for USER_TOKEN_SECONDS. */
  userToken(name: string): string;
  /**
   * A call as `GET /v1/calls/{uuid}` tells it, or undefined where there is none. Throws a PlatformError.
   * `regionUrl` is where webhooks say that the call lives: it gets a token only where it is the platform's.
   */
  callState(uuid: string, regionUrl?: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Whether the platform answers at all. */
  isReachable(): Promise<boolean>;
}

/** The platform did not do what was asked. The message holds no secret. */
export class PlatformError extends Error {
  readonly kind: 'unreachable' | 'refused';

  constructor(kind: 'unreachable' | 'refused', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** `now` is in milliseconds on a clock that does not jump. */
export function createVonageApi(access: PlatformAccess, now = () => performance.now()): VonageApi {
  const { applicationId, privateKey, apiHost } = access;
  const { users } = new Vonage({ applicationId, privateKey }, { apiHost, timeout: REQUEST_MS });
  const ensured = new Map<string, { user: Promise<void>; until: number }>();

  async function exists(name: string): Promise<boolean> {
    try {
      const page = await users.getUserPage({ name });
      return page._embedded?.users.some((user) => user.name === name) ?? false;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  async function create(name: string): Promise<void> {
    if (await exists(name)) return;
    try {
      await users.createUser({ name, displayName: name });
    } catch (error) {
      // Another server may have been faster.
      if (statusOf(error) === undefined || !(await exists(name))) throw error;
    }
  }

  return {
    ensureUser(name) {
      const known = ensured.get(name);
      if (known !== undefined && known.until > now()) return known.user;
      const user = create(name).catch((error: unknown) => {
        ensured.delete(name);
        throw platformError(error, apiHost);
      });
      ensured.set(name, { user, until: now() + KNOWN_MS });
      return user;
    },

    userToken(name) {
      const paths = Object.fromEntries(USER_PATHS.map((path) => [`/*/${path}/**`, {}]));
      // The SDK takes the ttl out of the object that it is given: never hand it one twice.
      return tokenGenerate(applicationId, privateKey, {
        sub: name,
        ttl: USER_TOKEN_SECONDS,
        acl: { paths },
      });
    },

    async callState(uuid, regionUrl) {
      const host = isOfPlatform(regionUrl, apiHost) ? regionUrl : apiHost;
      const token = tokenGenerate(applicationId, privateKey, { ttl: CALL_TOKEN_SECONDS });
      const response = await fetch(new URL(`/v1/calls/${encodeURIComponent(uuid)}`, host), {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS),
      }).catch(() => {
        throw new PlatformError('unreachable', `${host} does not answer`);
      });
      if (response.status === 404) return undefined;
      if (!response.ok) throw platformError({ response }, host);
      const state: unknown = await response.json().catch(() => undefined);
      return typeof state === 'object' && state !== null ? { ...state } : undefined;
    },

    async isReachable() {
      try {
        const response = await fetch(apiHost, {
          method: 'HEAD',
          redirect: 'manual',
          signal: AbortSignal.timeout(PROBE_MS),
        });
        return response.status < 500;
      } catch {
        return false;
      }
    },
  };
}

/** Whether an address that a webhook brought may be sent a token: the platform's own, or one of Vonage's regions. */
function isOfPlatform(address: string | undefined, apiHost: string): address is string {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return false;
  const isRegion = url.protocol === 'https:' && /^api[\w-]*\.(vonage|nexmo)\.com$/.test(url.host);
  return (
    url.origin === new URL(apiHost).origin ||
    (isRegion && /\.(vonage|nexmo)\.com$/.test(new URL(apiHost).host))
  );
}

/** The SDK's errors carry the request with its token in it: only the status may leave this file. */
function platformError(error: unknown, apiHost: string): PlatformError {
  const status = statusOf(error);
  if (status === undefined) return new PlatformError('unreachable', `${apiHost} does not answer`);
  if (status >= 500) return new PlatformError('unreachable', `${apiHost} answered with ${status}`);
  const hint =
    status === 401 || status === 403
      ? ': do VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY belong together, and is it the right VONAGE_REGION?'
      : '';
  return new PlatformError('refused', `${apiHost} answered with ${status}${hint}`);
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  return error.response instanceof Response ? error.response.status : undefined;
}
