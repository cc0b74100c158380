import { z } from 'zod';
import type { Entry } from './entry.ts';
import { hasFailed, KINDS } from './entry.ts';

/** A status as it is asked for: `200`, `4xx`, `failed` (400 and above, or no answer), `pending`. */
const status = z.union([
  z.enum(['pending', 'failed']),
  z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, 'must be a status such as 200, a class such as 4xx, failed or pending'),
]);

/** What of the log is asked for; what is absent lets everything through. */
export const filterSchema = z.object({
  call: z.string().max(100).optional(),
  direction: z.enum(['in', 'out']).optional(),
  kind: z.enum(KINDS).optional(),
  status: status.optional(),
  /** Anywhere in the address, the bodies, the headers or the hint; case does not matter. */
  text: z.string().max(200).optional(),
});
export type Filter = z.infer<typeof filterSchema>;

/** Which part of the list is asked for. */
export const pageSchema = filterSchema.extend({
  /** Only what is older than this entry. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** Makes a test out of a filter. */
export function matcherOf(filter: Filter): (entry: Entry) => boolean {
  const text = filter.text?.toLowerCase();
  return (entry) =>
    (filter.call === undefined || entry.call === filter.call || entry.leg === filter.call) &&
    (filter.direction === undefined || entry.direction === filter.direction) &&
    (filter.kind === undefined || entry.kind === filter.kind) &&
    (filter.status === undefined || hasStatus(entry, filter.status)) &&
    (!text || holds(entry, text));
}

function hasStatus(entry: Entry, wanted: string): boolean {
  if (wanted === 'pending') return entry.took === null;
  if (wanted === 'failed') return hasFailed(entry);
  return (
    entry.status !== null &&
    new RegExp(`^${wanted.replaceAll('x', String.raw`\d`)}$`).test(String(entry.status))
  );
}

function holds(entry: Entry, text: string): boolean {
  const { request, response, hint, error } = entry;
  const places = [
    entry.what,
    entry.url,
    entry.call,
    entry.leg,
    hint?.text,
    error,
    request.body?.text,
    response?.body?.text,
  ];
  const headers = [...request.headers, ...(response?.headers ?? [])];
  return (
    places.some((place) => place?.toLowerCase().includes(text)) ||
    headers.some(([name, value]) => `${name}: ${value}`.toLowerCase().includes(text))
  );
}
