import type { DialFailure } from '../desk/desk.ts';

/** What pages and the server tell each other about calls that agents dial. */

/**
 * `GET /api/outbound?number=` → 200: whether a number may be dialled, as somebody typed or pasted it, in national or
 * international form. To dial it, call `serverCall({to: number})` of the Client SDK: the server decides again.
 */
export interface OutboundCheck {
  allowed: boolean;
  /** E.164 without `+`; null: not allowed, or no number. */
  number: string | null;
  /** As people read it, in international form; null: no number. */
  formatted: string | null;
  /** ISO 3166; null: no number, or of no country. */
  country: string | null;
  /** Why it is not allowed; null: it is. */
  reason: DialFailure | null;
  /** The same in words. */
  words: string | null;
}
