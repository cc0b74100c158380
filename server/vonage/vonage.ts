import './no-debug-log.ts';
import { tokenGenerate } from '@vonage/jwt';
import { Vonage } from '@vonage/server-sdk';
import { z } from 'zod';
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
  /** `POST /v1/calls`. A phone or a page is called; `outcome` tells its leg. `note` gets what went over the wire. */
  createCall(call: NewCall, note?: NoteExchange): Promise<CallControl>;
  /** Sends a leg to the NCCO at an address. */
  transferCall(uuid: string, nccoUrl: string, regionUrl?: string, note?: NoteExchange): Promise<CallControl>;
  hangUpCall(uuid: string, regionUrl?: string, note?: NoteExchange): Promise<CallControl>;
  /** `PUT /v1/calls/{uuid}/talk`: speaks to one leg, over whatever it hears. `language` is BCP 47. */
  talk(
    uuid: string,
    text: string,
    language?: string,
    regionUrl?: string,
    note?: NoteExchange,
  ): Promise<CallControl>;
  /** `GET /v1/calls` with these filters: its calls. Throws a PlatformError on failure. */
  findCalls(filter: Readonly<Record<string, string>>): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /**
   * A recording, or undefined if the platform no longer has it. Throws a PlatformError on failure, an
   * UnusableRecording if it is too large or not at an address of the platform: the URL comes from a webhook.
   */
  download(url: string): Promise<Buffer | undefined>;
  /** Whether the platform is reachable. */
  isReachable(): Promise<boolean>;
}

/** A call to one of our users, or to a telephone, from a number of ours. */
export interface NewCall {
  to: { type: 'app'; user: string } | { type: 'phone'; number: string };
  from: string | null;
  answerUrl: string;
  eventUrl: string;
  ringSeconds: number;
}

/** A request that changes calls, and its answer, without headers: these hold tokens. */
export interface Exchange {
  method: string;
  url: string;
  body: unknown;
  /** Milliseconds that it took. */
  took: number;
  /** Null: no answer came. `text` is bounded. */
  answer: { status: number; text: string } | null;
}

export type NoteExchange = (exchange: Exchange) => void;

/** Most characters of an answer that are noted. */
const MOST_NOTED = 10_000;

/** What became of a request that changes calls. */
export type CallControl =
  | { is: 'done'; leg: string | null }
  /** The leg is unknown or has ended; `endedAt`, in milliseconds since 1970, where the platform says it. */
  | { is: 'gone'; endedAt?: number | undefined }
  /** Not carried out; may be tried again after so many milliseconds. */
  | { is: 'busy'; retryMs: number }
  /** Perhaps carried out: the answer was lost. */
  | { is: 'unknown' }
  | { is: 'refused'; reason: string };

/** Milliseconds after which a request that changes a call counts as lost. */
const CONTROL_MS = 3_000;
/** Milliseconds after which a request is tried again that was one too many, where the platform does not say. */
const BUSY_MS = 1_000;

/** Longest such time that the platform may say: somebody may hear silence until then. */
const MOST_BUSY_MS = 5_000;

/** Timeout of the download of a recording in milliseconds. */
const DOWNLOAD_MS = 30_000;
/** Redirects of the download of a recording that are followed. */
const MOST_REDIRECTS = 3;
/** Maximum size of a recording in bytes. */
const LARGEST_RECORDING = 50_000_000;

/** Longest that a call of the desk may last, in seconds: the most that Vonage allows. */
const LONGEST_CALL_SECONDS = 86_400;

/** A failed request to the platform. The message contains no secret. */
export class PlatformError extends Error {
  readonly kind: 'unreachable' | 'refused';

  constructor(kind: 'unreachable' | 'refused', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A recording that this server will never take, however often it asks. */
export class UnusableRecording extends PlatformError {
  constructor(message: string) {
    super('refused', message);
  }
}

/**
 * @param now milliseconds of a monotonic clock
 * @param limit aborted after so many milliseconds, when the answer to a request about a call is late
 */
export function createVonageApi(
  access: PlatformAccess,
  now = () => performance.now(),
  limit = (ms: number): AbortSignal => AbortSignal.timeout(ms),
): VonageApi {
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

  function callUrl(uuid: string, regionUrl: string | undefined): URL {
    const host = isOfPlatform(regionUrl, apiHost) ? regionUrl : apiHost;
    return new URL(`/v1/calls/${encodeURIComponent(uuid)}`, host);
  }

  function requestWith(init: RequestInit): RequestInit {
    const token = tokenGenerate(applicationId, privateKey, { ttl: CALL_TOKEN_SECONDS });
    return {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      redirect: 'error',
      signal: limit(CONTROL_MS),
    };
  }

  async function control(
    method: 'POST' | 'PUT',
    url: URL,
    body: unknown,
    note?: NoteExchange,
  ): Promise<CallControl> {
    const began = now();
    const noted = (answer: Exchange['answer']) =>
      note?.({ method, url: url.href, body, took: now() - began, answer });
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, requestWith({ method, body: JSON.stringify(body) }));
      text = await response.text().catch(() => '');
    } catch {
      noted(null);
      return { is: 'unknown' };
    }
    noted({ status: response.status, text: text.slice(0, MOST_NOTED) });
    const { status } = response;
    if (status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      return {
        is: 'busy',
        retryMs: Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000, 0), MOST_BUSY_MS) : BUSY_MS,
      };
    }
    if (status >= 500) return { is: 'unknown' };
    const created = method === 'POST' && response.ok ? parsed(text) : undefined;
    if (response.ok) return { is: 'done', leg: createdCall.safeParse(created).data?.uuid ?? null };
    if (method === 'PUT' && (status === 400 || status === 404)) return { is: 'gone' };
    return { is: 'refused', reason: platformError({ response }, url.origin).message };
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
        signal: limit(REQUEST_MS),
      }).catch(() => {
        throw new PlatformError('unreachable', `${host} does not answer`);
      });
      if (response.status === 404) return undefined;
      if (!response.ok) throw platformError({ response }, host);
      const state: unknown = await response.json().catch(() => undefined);
      return typeof state === 'object' && state !== null ? { ...state } : undefined;
    },

    createCall({ to, from, answerUrl, eventUrl, ringSeconds }, note) {
      const body = {
        to: [to],
        ...(from === null ? { random_from_number: true } : { from: { type: 'phone', number: from } }),
        answer_url: [answerUrl],
        answer_method: 'POST',
        event_url: [eventUrl],
        event_method: 'POST',
        ringing_timer: ringSeconds,
        length_timer: LONGEST_CALL_SECONDS,
      };
      return control('POST', new URL('/v1/calls', apiHost), body, note);
    },

    transferCall(uuid, nccoUrl, regionUrl, note) {
      const body = { action: 'transfer', destination: { type: 'ncco', url: [nccoUrl] } };
      return control('PUT', callUrl(uuid, regionUrl), body, note);
    },

    talk(uuid, text, language, regionUrl, note) {
      const url = callUrl(uuid, regionUrl);
      url.pathname += '/talk';
      return control('PUT', url, { text, ...(language !== undefined && { language }) }, note);
    },

    hangUpCall: (uuid, regionUrl, note) =>
      control('PUT', callUrl(uuid, regionUrl), { action: 'hangup' }, note),

    async findCalls(filter) {
      const url = new URL('/v1/calls', apiHost);
      for (const [name, value] of Object.entries(filter)) url.searchParams.set(name, value);
      const response = await fetch(url, requestWith({ method: 'GET' })).catch(() => {
        throw new PlatformError('unreachable', `${apiHost} does not answer`);
      });
      if (!response.ok) throw platformError({ response }, apiHost);
      const page = callPage.safeParse(await response.json().catch(() => undefined));
      return page.success ? page.data._embedded.calls : [];
    },

    async download(url) {
      let address = url;
      for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
        if (!isOfPlatform(address, apiHost)) {
          throw new UnusableRecording(`${address} is not an address of the platform`);
        }
        const response = await fetch(address, {
          ...requestWith({ method: 'GET' }),
          // Each address is looked at before it gets a token.
          redirect: 'manual',
          signal: AbortSignal.timeout(DOWNLOAD_MS),
        }).catch(() => {
          throw new PlatformError('unreachable', `${new URL(address).host} does not answer`);
        });
        if (response.status === 404 || response.status === 410) return undefined;
        const location = response.headers.get('location');
        if (response.status < 300 || response.status >= 400 || location === null) {
          if (!response.ok) throw platformError({ response }, new URL(address).origin);
          return bounded(response);
        }
        await response.body?.cancel();
        address = URL.parse(location, address)?.href ?? location;
      }
      throw new UnusableRecording('it is redirected too often');
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

/** The body of a response. Throws a PlatformError if it is too large for a recording, or breaks off. */
async function bounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > LARGEST_RECORDING) throw new UnusableRecording('the recording is too large');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new PlatformError('unreachable', 'the recording broke off');
  }
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const createdCall = z.object({ uuid: z.string() });
const callPage = z.object({
  _embedded: z.object({ calls: z.array(z.record(z.string(), z.unknown())) }),
});

/** Whether an address from a webhook may get a token: the platform's own, or one of Vonage's regions. */
function isOfPlatform(address: string | undefined, apiHost: string): address is string {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return false;
  const isRegion = url.protocol === 'https:' && /^(api|rest)[\w-]*\.(vonage|nexmo)\.com$/.test(url.host);
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
