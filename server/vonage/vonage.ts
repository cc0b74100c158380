import './no-debug-log.ts';
import { tokenGenerate } from '@vonage/jwt';
import { Vonage } from '@vonage/server-sdk';
import type { PlatformAccess } from './platform-access.ts';

/** Timeout of a request to the platform in milliseconds. */
const REQUEST_MS = 5_000;

/** Timeout of the reachability check in milliseconds. */
const PROBE_MS = 2_000;

/** Milliseconds after which a user is looked up again, because the platform may have been replaced. */
const KNOWN_MS = 60_000;

/** Lifetime of a user token in seconds. The page renews it earlier. */
export const USER_TOKEN_SECONDS = 900;

/** Lifetime in seconds of a token for requesting a call. */
const CALL_TOKEN_SECONDS = 60;

/** The API paths that a page needs for calls. */
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

/** The requests of Switchboard to Vonage. */
export interface VonageApi {
  /** Creates the Client SDK's user unless it exists. Throws a PlatformError on failure. */
  ensureUser(name: string): Promise<void>;
  /** A token for a page to act as this user, valid for USER_TOKEN_SECONDS. */
  userToken(name: string): string;
  /**
   * The response of `GET /v1/calls/{uuid}`, or undefined if there is no such call. Throws a PlatformError on
   * failure. `regionUrl` comes from a webhook; it gets a token only if it is the platform's.
   */
  callState(uuid: string, regionUrl?: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Whether the platform is reachable. */
  isReachable(): Promise<boolean>;
}

/** A failed request to the platform. The message contains no secret. */
export class PlatformError extends Error {
  readonly kind: 'unreachable' | 'refused';

  constructor(kind: 'unreachable' | 'refused', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** `now` is in milliseconds of a monotonic clock. */
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
      // Another server may have created it meanwhile.
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
      // The SDK deletes the ttl from its argument, so never pass the same object twice.
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

/** Whether an address from a webhook may get a token: the platform's own, or one of Vonage's regions. */
function isOfPlatform(address: string | undefined, apiHost: string): address is string {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return false;
  const isRegion = url.protocol === 'https:' && /^api[\w-]*\.(vonage|nexmo)\.com$/.test(url.host);
  return (
    url.origin === new URL(apiHost).origin ||
    (isRegion && /\.(vonage|nexmo)\.com$/.test(new URL(apiHost).host))
  );
}

/** The SDK's errors contain the request with its token: only the status may leave this file. */
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
