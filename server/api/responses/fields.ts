import { z } from 'zod';
import type { ApiError } from '../../../domain/api/page-api.ts';
import { CAUSES, type Cause, type CauseCode } from '../../../domain/desk/causes.ts';
import { exactly } from '../exactly.ts';

/** The schemas with a name of their own in the API's description. */
export const responses: z.core.$ZodRegistry<{ id: string }> = z.registry<{ id: string }>();

export function named<S extends z.ZodType>(id: string, schema: S): S {
  responses.add(schema, { id });
  return schema;
}

export const text = z.string();
export const textOrNull = z.string().nullable();
export const numberOrNull = z.number().nullable();
/** Milliseconds since 1970. */
export const time = z.number().meta({ description: 'Milliseconds since 1970.' });
export const timeOrNull = time.nullable();
export const number = textOrNull.meta({ description: 'E.164 without +.' });
export const count = z.int().min(0);

const isCause = (value: string): value is CauseCode => Object.hasOwn(CAUSES, value);

export const cause = named(
  'Cause',
  exactly<Cause>()(z.object({ code: z.enum(Object.keys(CAUSES).filter(isCause)), name: textOrNull })),
);

export const apiError = named(
  'ApiError',
  exactly<ApiError>()(
    z.object({
      error: text,
      code: z.enum([
        'bad-request',
        'sign-in-needed',
        'wrong-code',
        'too-many-tries',
        'not-allowed',
        'role-missing',
        'not-found',
        'conflict',
        'vonage-unreachable',
        'vonage-refused',
        'internal',
      ]),
      cause: cause.exactOptional(),
    }),
  ),
);
