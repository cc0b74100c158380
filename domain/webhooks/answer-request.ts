import { z } from 'zod';
import { isRecord, onlyValue } from './lenient-fields.ts';
import { firstFault, type Parsed } from './parsed.ts';

/** Longest value that is read from a request. A SIP address is the longest thing that belongs here. */
const LONGEST = 512;

/**
 * A GET gives texts, a POST may give numbers and nulls, and a proxy may double the query.
 * A caller must not hear an error for any of that.
 */
function textOf(value: unknown): unknown {
  const only = onlyValue(value);
  if (only === null || only === '') return undefined;
  return typeof only === 'number' ? String(only) : only;
}

const text = z
  .string({
    error: ({ input }) =>
      Array.isArray(input) ? 'is given more than once, with different values' : 'must be text',
  })
  .max(LONGEST, `is longer than ${LONGEST} characters`)
  .optional();

// Texts alone: with preprocessing or a transformation zod keeps a book of each request, in case it contains itself,
// which costs more than all that is checked.
const schema = z.object(
  {
    from: text,
    from_user: text,
    to: text,
    uuid: text,
    conversation_uuid: text,
    endpoint_type: text,
    region_url: text,
    reason: text,
  },
  { error: 'must be an object' },
);

const names = Object.keys(schema.shape);

function textsOf(input: unknown): unknown {
  if (!isRecord(input)) return input;
  const texts: Record<string, unknown> = {};
  for (const name of names) texts[name] = textOf(input[name]);
  return texts;
}

function namedAsHere(fields: z.output<typeof schema>) {
  return {
    /** The caller's number, or whatever the network gives for it: "anonymous", a SIP address. */
    from: fields.from,
    /** The name of the user who calls from an app; never together with `from`. */
    fromUser: fields.from_user,
    /** The number that was dialled. */
    to: fields.to,
    uuid: fields.uuid,
    conversationUuid: fields.conversation_uuid,
    /** phone, sip, websocket, app or vbc. */
    endpointType: fields.endpoint_type,
    /** Base address for the control of this call: a call lives in one region. */
    regionUrl: fields.region_url,
    /** Why Vonage asks the fallback URL. */
    reason: fields.reason,
  };
}

/** What Vonage says about a call when it asks what to do with it. Each field may be absent. */
export type AnswerRequest = ReturnType<typeof namedAsHere>;

/** Reads the query of a GET, or the JSON body of a POST, that asks for an NCCO. */
export function parseAnswerRequest(input: unknown): Parsed<AnswerRequest> {
  const result = schema.safeParse(textsOf(input));
  return result.success
    ? { ok: true, value: namedAsHere(result.data) }
    : firstFault(result.error, 'the request');
}

/**
 * The caller's number in E.164 without `+`, or undefined where `from` is no number.
 * A `+` that nobody escaped arrives as a space in a query.
 */
export function callerNumber(request: AnswerRequest): string | undefined {
  return /^[+ ]?([0-9]{3,15})$/.exec(request.from ?? '')?.[1];
}
