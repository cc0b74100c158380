import { DEEPEST, isRecord, isTooDeep } from './lenient-fields.ts';

/** What came in, typed, or why it is unusable. */
export type Parsed<T> =
  | { ok: true; value: T }
  | {
      ok: false;
      /** The field as the sender named it; empty where the whole message is meant. */
      field: string;
      /** One line in words that never quotes the value. */
      reason: string;
    };

/** A message that can be walked through. All else is up to who reads it: a field may be anything. */
export function parseMessage(input: unknown, name: string): Parsed<Record<string, unknown>> {
  if (!isRecord(input)) return { ok: false, field: '', reason: `${name} must be an object` };
  if (isTooDeep(input)) {
    return { ok: false, field: '', reason: `${name} must not be nested deeper than ${DEEPEST} levels` };
  }
  return { ok: true, value: input };
}
