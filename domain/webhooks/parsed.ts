import type { z } from 'zod';

/** What came in, typed, or the one field that makes it unusable. */
export type Parsed<T> =
  | { ok: true; value: T }
  | {
      ok: false;
      /** The field as the sender named it; empty where the whole message is meant. */
      field: string;
      /** One line in words that names the field and never quotes the value. */
      reason: string;
    };

/** The first thing that a schema found wrong, in one line. Messages of the schema begin with a verb. */
export function firstFault(error: z.ZodError, whole: string): { ok: false; field: string; reason: string } {
  const issue = error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return { ok: false, field, reason: `${field === '' ? whole : field} ${issue?.message ?? 'is not valid'}` };
}
