import { isRecord, readObject, readParty, readText } from './lenient-fields.ts';
import type { Parsed } from './parsed.ts';

/** What Vonage says about a call when it asks what to do with it. Each field may be absent. */
export interface AnswerRequest {
  /** The caller's number, or whatever the network gives for it: "anonymous", a SIP address. */
  from: string | undefined;
  /** The name of the user who calls from an app; never together with `from`. */
  fromUser: string | undefined;
  /** The number that was dialled; of a user's app, what it gave as `to`, which may be anything. */
  to: string | undefined;
  uuid: string | undefined;
  conversationUuid: string | undefined;
  /** phone, sip, websocket, app or vbc. */
  endpointType: string | undefined;
  /** Base address for the control of this call: a call lives in one region. */
  regionUrl: string | undefined;
  /** Why Vonage asks the fallback URL. */
  reason: string | undefined;
  /** The address that did not answer, when Vonage asks the fallback URL instead. */
  originalUrl: string | undefined;
}

/**
 * Reads the query of a GET, or the JSON body of a POST, that asks for an NCCO. A field that cannot be read is
 * absent: a caller must not hear an error because of it.
 */
export function parseAnswerRequest(input: unknown): Parsed<AnswerRequest> {
  if (!isRecord(input)) return { ok: false, field: '', reason: 'the request must be an object' };
  const text = (name: string) => readText(input[name]) ?? undefined;
  const party = (name: string) => readParty(input[name]) ?? undefined;
  return {
    ok: true,
    value: {
      from: party('from'),
      fromUser: party('from_user'),
      to: party('to') ?? readParty(customData(input.custom_data)?.to) ?? undefined,
      uuid: text('uuid') ?? text('call_uuid'),
      conversationUuid: text('conversation_uuid'),
      endpointType: text('endpoint_type'),
      regionUrl: text('region_url'),
      reason: text('reason'),
      originalUrl: readText(readObject(input.original_request)?.url) ?? undefined,
    },
  };
}

/** What an app gave to its call: an object, or its JSON in the query of a GET. */
function customData(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'string') return readObject(value);
  try {
    return readObject(JSON.parse(value));
  } catch {
    return null;
  }
}

/**
 * The caller's number in E.164 without `+`, or undefined where `from` is no number.
 * A `+` that nobody escaped arrives as a space in a query; it is read as absent.
 */
export function callerNumber(request: AnswerRequest): string | undefined {
  return /^\+?([0-9]{3,15})$/.exec(request.from ?? '')?.[1];
}
