import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import type { z } from 'zod';

/** Where Vonage's documentation explains the errors that all of its newer APIs have. */
export const API_ERRORS = 'https://developer.vonage.com/api-errors';

/** A part of a request that is wrong, as the APIs name it. */
export interface InvalidParameter {
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
