import type { ApiError } from '../../domain/api/page-api.ts';

/** Why the server did not give what it was asked for. `unreachable`: no answer, or none that makes sense. */
export type ApiFailure = ApiError['code'] | 'unreachable';

export class ApiCallError extends Error {
  readonly failure: ApiFailure;
  /** Why the desk refused a control. */
  readonly why: ApiError['cause'];

  constructor(failure: ApiFailure, message: string, why?: ApiError['cause']) {
    super(message);
    this.name = 'ApiCallError';
    this.failure = failure;
    this.why = why;
  }
}

/** What a request that went wrong is to be called, whatever was thrown. */
export function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiCallError ? error.failure : 'unreachable';
}

interface RequestOptions {
  /** Default: GET. */
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Gives up when it is aborted. */
  signal?: AbortSignal;
}

/** Asks the server of this page for JSON; null where it says nothing. Rejects with an `ApiCallError`. */
export type Request = (path: string, options?: RequestOptions) => Promise<unknown>;

/** An answer that takes longer than this is none (milliseconds). */
const PATIENCE_MS = 10_000;

export function createRequest(fetch: typeof globalThis.fetch): Request {
  return async (path, { method = 'GET', body, signal } = {}) => {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    let answer: Response;
    let content: unknown;
    try {
      answer = await fetch(path, {
        method,
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      const text = await answer.text();
      content = text === '' ? null : JSON.parse(text);
    } catch (error) {
      throw new ApiCallError('unreachable', error instanceof Error ? error.message : String(error));
    }
    if (answer.ok) {
      return content;
    }
    throw isApiError(content)
      ? new ApiCallError(content.code, content.error, content.cause)
      : new ApiCallError('unreachable', `${method} ${path}: HTTP ${answer.status}`);
  };
}

const errorCodes: Record<ApiError['code'], true> = {
  'bad-request': true,
  'sign-in-needed': true,
  'wrong-code': true,
  'too-many-tries': true,
  'not-allowed': true,
  'role-missing': true,
  'not-found': true,
  conflict: true,
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

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
