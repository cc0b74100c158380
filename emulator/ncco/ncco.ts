import { z } from 'zod';

/** Vonage takes a flag as a boolean or as its text. */
const flag = z.union([z.boolean(), z.stringbool()]);

/** The NCCO actions that the platform carries out, with the limits that Vonage documents. */
const talk = z.looseObject({
  action: z.literal('talk'),
  text: z.string().min(1).max(1500),
  language: z.string().min(2).max(20).optional(),
  level: z.coerce.number().min(-1).max(1).optional(),
  loop: z.coerce.number().int().min(0).optional(),
  bargeIn: flag.optional(),
  style: z.coerce.number().int().min(0).optional(),
  premium: flag.optional(),
});

const webUrl = z.url({ protocol: /^https?$/, hostname: /.*/ });

const appEndpoint = z.looseObject({ type: z.literal('app'), user: z.string().min(1) });

const connect = z.looseObject({
  action: z.literal('connect'),
  endpoint: z.tuple([appEndpoint], 'must hold exactly one endpoint'),
  from: z.string().optional(),
  timeout: z.coerce.number().int().min(1).max(7200).optional(),
  limit: z.coerce.number().int().min(1).max(7200).optional(),
  eventUrl: z.array(webUrl).length(1, 'must be an array of exactly one URL').optional(),
  eventMethod: z.enum(['GET', 'POST']).optional(),
});

const action = z.discriminatedUnion('action', [talk, connect]);

export type TalkAction = z.infer<typeof talk>;
export type ConnectAction = z.infer<typeof connect>;
export type Action = z.infer<typeof action>;

export type ParsedNcco = { ok: true; actions: Action[] } | { ok: false; reason: string };

/**
 * Reads the body of an answer webhook.
 * An empty array is an NCCO: it ends the call.
 * The reason of a refusal names the place of the fault, as in `NCCO[1].endpoint: must hold exactly one endpoint`.
 */
export function parseNcco(body: string, contentType: string): ParsedNcco {
  if (!/^application\/json\b/i.test(contentType)) {
    return refuse(`NCCO: content type must be application/json, not ${contentType || 'absent'}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refuse('NCCO: not valid JSON');
  }
  if (!Array.isArray(value)) return refuse('NCCO: must be an array of actions');
  const actions: Action[] = [];
  for (const [index, item] of value.entries()) {
    const unbuilt = notCarriedOut(item);
    if (unbuilt) return refuse(`NCCO[${index}]${unbuilt}`);
    const parsed = action.safeParse(item);
    if (!parsed.success) return refuse(`NCCO[${index}]${describe(parsed.error)}`);
    actions.push(parsed.data);
  }
  return { ok: true, actions };
}

const DOCUMENTED_ACTIONS = new Set([
  'record',
  'conversation',
  'stream',
  'input',
  'notify',
  'wait',
  'transfer',
  'pay',
]);
const DOCUMENTED_ENDPOINTS = new Set(['phone', 'sip', 'websocket', 'vbc']);

/** Says of a documented action or endpoint that this emulator does not carry it out, so nobody hunts for a typing error. */
function notCarriedOut(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('action' in item)) return undefined;
  if (typeof item.action === 'string' && DOCUMENTED_ACTIONS.has(item.action)) {
    return `: the emulator does not carry out "${item.action}" yet`;
  }
  if (item.action !== 'connect' || !('endpoint' in item) || !Array.isArray(item.endpoint)) return undefined;
  const type: unknown = item.endpoint[0]?.type;
  if (item.endpoint.length === 1 && typeof type === 'string' && DOCUMENTED_ENDPOINTS.has(type)) {
    return `.endpoint: the emulator does not connect to "${type}" yet`;
  }
  return undefined;
}

function describe(error: z.ZodError): string {
  const [first] = error.issues;
  if (!first) return ': is not an action';
  const path = first.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  if (first.code === 'invalid_union') return `${path || '.action'}: unknown action`;
  return `${path}: ${first.message.replace(/^Invalid input: /, '')}`;
}

function refuse(reason: string): ParsedNcco {
  return { ok: false, reason };
}
