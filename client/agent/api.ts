import type {
  ApiError,
  SessionState,
  SignInRequest,
  TokenGrant,
  TokenRequest,
} from '../../domain/page-api.ts';
import { messageOf } from './message-of.ts';

/** Why the server did not give what it was asked for. `unreachable`: no answer, or none that makes sense. */
export type ApiFailure = ApiError['code'] | 'unreachable';

export class ApiCallError extends Error {
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure, message: string) {
    super(message);
    this.name = 'ApiCallError';
    this.failure = failure;
  }
}

/** The server of this page. Every promise rejects with an `ApiCallError`. */
export interface Api {
  session(): Promise<SessionState>;
  signIn(request: SignInRequest): Promise<SessionState>;
  signOut(): Promise<void>;
  token(request: TokenRequest): Promise<TokenGrant>;
}

/** An answer that takes longer than this is none (milliseconds). */
const PATIENCE_MS = 10_000;

export function createApi(fetch: typeof globalThis.fetch): Api {
  async function call(path: string, method: string, body?: unknown): Promise<unknown> {
    let answer: Response;
    let content: unknown;
    try {
      answer = await fetch(path, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      content = text === '' ? null : JSON.parse(text);
    } catch (error) {
      throw new ApiCallError('unreachable', messageOf(error));
    }
    if (!answer.ok) {
      throw isApiError(content)
        ? new ApiCallError(content.code, content.error)
        : new ApiCallError('unreachable', `${method} ${path}: HTTP ${answer.status}`);
    }
    return content;
  }

  return {
    session: async () => asSession(await call('api/session', 'GET')),
    signIn: async (request) => asSession(await call('api/session', 'POST', request)),
    signOut: async () => {
      await call('api/session', 'DELETE');
    },
    token: async (request) => asGrant(await call('api/token', 'POST', request)),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const errorCodes: Record<ApiError['code'], true> = {
  'bad-request': true,
  'sign-in-needed': true,
  'wrong-code': true,
  'too-many-tries': true,
  'not-allowed': true,
  'not-found': true,
  'vonage-unreachable': true,
  'vonage-refused': true,
  internal: true,
};

function isApiError(value: unknown): value is ApiError {
  return (
    isRecord(value) &&
    typeof value.error === 'string' &&
    typeof value.code === 'string' &&
    Object.hasOwn(errorCodes, value.code)
  );
}

function asSession(value: unknown): SessionState {
  if (isSession(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent no session state.');
}

function isSession(value: unknown): value is SessionState {
  const textOrNull = (field: unknown) => field === null || typeof field === 'string';
  return (
    isRecord(value) &&
    textOrNull(value.agent) &&
    Array.isArray(value.agents) &&
    (value.signIn === 'automatic' || value.signIn === 'code') &&
    textOrNull(value.number) &&
    textOrNull(value.phoneUrl)
  );
}

function asGrant(value: unknown): TokenGrant {
  if (isGrant(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent no token.');
}

function isGrant(value: unknown): value is TokenGrant {
  return (
    isRecord(value) &&
    typeof value.token === 'string' &&
    typeof value.agent === 'string' &&
    typeof value.expiresIn === 'number' &&
    isRecord(value.sdk)
  );
}
