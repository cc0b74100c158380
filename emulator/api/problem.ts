import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import type { z } from 'zod';
import { type Limited, PER_SECOND, type RateLimits } from '../calls/rate-limit.ts';

/** Where Vonage's documentation explains the errors that all of its newer APIs have. */
export const API_ERRORS = 'https://developer.vonage.com/api-errors';

/** A part of a request that is wrong, as the APIs name it. */
interface InvalidParameter {
  /** A path such as `capabilities.voice.webhooks.answer_url.http_method`. */
  name: string;
  reason: string;
}

/**
 * Answers an error as Vonage's newer APIs do: `application/problem+json`.
 * @param type a URL, or a code such as `user:error:not-found`.
 */
export function problem(
  response: Response,
  status: number,
  type: string,
  title: string,
  detail: string,
  invalid: InvalidParameter[] = [],
): void {
  response
    .status(status)
    .type('application/problem+json')
    .json({
      type,
      code: type,
      title,
      detail,
      ...(invalid.length > 0 && { invalid_parameters: invalid }),
      instance: randomUUID().replaceAll('-', ''),
    });
}

/** What a schema has against a value. */
export function invalidParameters(error: z.ZodError): InvalidParameter[] {
  return error.issues.map((issue) => ({
    name: issue.path.join('.') || 'body',
    reason: issue.message.replace(/^Invalid input: /, ''),
  }));
}

/**
 * Whether an application may go on; answers 429 itself when it may not.
 * `Retry-After` counts whole seconds.
 */
export function mayGoOn(
  limits: RateLimits,
  applicationId: string,
  what: Limited,
  response: Response,
): boolean {
  const taken = limits.take(applicationId, what);
  if (taken.ok) return true;
  response.set('retry-after', String(Math.ceil(taken.retryAfter / 1000)));
  const allowed = `${PER_SECOND[what]} ${what === 'call' ? 'new calls' : 'requests'} a second`;
  const detail = `Please wait, then retry your request: an application may make ${allowed}.`;
  problem(response, 429, `${API_ERRORS}#throttled`, 'Rate Limit Hit', detail);
  return false;
}

/** The parsed value. If there is none, answers 400 with what is wrong, and returns undefined. */
export function parsedOrRefused<T>(schema: z.ZodType<T>, value: unknown, response: Response): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const invalid = invalidParameters(parsed.error);
  const detail = invalid.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  problem(response, 400, 'http:error:validation-fail', 'Bad request', detail, invalid);
  return undefined;
}
