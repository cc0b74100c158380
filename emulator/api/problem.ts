import type { Response } from 'express';

/** Answers an error as Vonage's newer APIs do: `application/problem+json`. */
export function problem(
  response: Response,
  status: number,
  type: string,
  title: string,
  detail: string,
): void {
  response
    .status(status)
    .type('application/problem+json')
    .json({ type, code: type, title, detail, instance: String(response.getHeader('x-request-id') ?? '') });
}
