import type { z } from 'zod';
import { HttpError } from './errors.ts';

/** A body or query by its schema. Throws an HttpError with 400 that says what is wrong. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HttpError(400, 'bad-request', `${issue?.path.join('.') || 'The body'}: ${issue?.message}.`);
}
