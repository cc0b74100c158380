import type { z } from 'zod';
import { isTooDeep } from '../nesting.ts';
import type { WebhookOutcome } from '../webhooks/webhook.ts';
import type { Action, ActionKind } from './action.ts';
import { connect } from './connect.ts';
import { conversation } from './conversation.ts';
import { input } from './input.ts';
import { notify } from './notify.ts';
import { stream, talk, wait } from './play.ts';
import { record } from './record.ts';
import { transfer } from './transfer.ts';

/** Characters of a wrong value that a reason repeats. */
const LONGEST_QUOTE = 60;

/** Every action that the platform carries out. To add one: a file beside this one, and its name here. */
const KINDS: ReadonlyMap<string, ActionKind> = new Map(
  [connect, conversation, input, notify, record, stream, talk, transfer, wait].map((kind) => [
    kind.name,
    kind,
  ]),
);

export type ParsedNcco = { ok: true; actions: Action[] } | { ok: false; reason: string };

/**
 * Reads the body of an answer webhook.
 * An empty array is an NCCO: it ends the call.
 * The reason of a refusal names the place of the fault, as in `NCCO[1].endpoint: must hold exactly one endpoint`.
 */
export function parseNcco(body: string, contentType: string): ParsedNcco {
  if (!/^application\/json\b/i.test(contentType)) {
    return refuse(
      `NCCO: content type must be application/json, not ${contentType.slice(0, LONGEST_QUOTE) || 'absent'}`,
    );
  }
  if (isTooDeep(Buffer.from(body))) return refuse('NCCO: has too many levels of arrays and objects');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refuse('NCCO: not valid JSON');
  }
  return readNcco(value);
}

/** What is wrong with the body of an answer webhook, in words; undefined when nothing is. */
export function nccoFault(body: string, contentType: string): string | undefined {
  const parsed = parseNcco(body, contentType);
  return parsed.ok ? undefined : parsed.reason;
}

/** Reads an NCCO that is part of something else, such as the body of a REST request. */
export function readNcco(value: unknown): ParsedNcco {
  if (!Array.isArray(value)) return refuse('NCCO: must be an array of actions');
  const actions: Action[] = [];
  for (const [index, item] of value.entries()) {
    const kind = kindOf(item);
    if (typeof kind === 'string') return refuse(`NCCO[${index}]${kind}`);
    const read = kind.read(item);
    if (!read.ok) return refuse(`NCCO[${index}]${describe(read.error)}`);
    actions.push(read.action);
  }
  return { ok: true, actions };
}

/**
 * Reads the reply to an event, which may bring a new NCCO: a JSON array that is not empty.
 * @returns undefined for any other reply, such as `OK`.
 */
export function readReply(reply: WebhookOutcome | undefined): ParsedNcco | undefined {
  if (!reply?.ok || !reply.body.trimStart().startsWith('[')) return undefined;
  const read = parseNcco(reply.body, reply.contentType);
  return read.ok && read.actions.length === 0 ? undefined : read;
}

/** The kind of an action, or what is wrong with it. */
function kindOf(item: unknown): ActionKind | string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return ': expected an object';
  const name: unknown = 'action' in item ? item.action : undefined;
  if (name === undefined) return '.action: is missing';
  if (name === 'pay') return ': "pay" is not supported; Vonage has withdrawn it';
  const kind = typeof name === 'string' ? KINDS.get(name) : undefined;
  return kind ?? `.action: unknown action ${quote(name)}`;
}

/** A value as JSON has it, cut short: a reason travels in an event, and in a URL where events are sent by GET. */
function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

function describe(error: z.ZodError): string {
  const [first] = error.issues;
  if (!first) return ': is wrong';
  const path = first.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  if (first.code === 'invalid_union' && first.discriminator) return `${path}: unknown type`;
  return `${path}: ${first.message.replace(/^Invalid input: /, '')}`;
}

function refuse(reason: string): ParsedNcco {
  return { ok: false, reason };
}
