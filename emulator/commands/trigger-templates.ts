import {
  errorEvent,
  type InputResult,
  inputEvent,
  type LegFacts,
  type LegStatus,
  notifyEvent,
  recordEvent,
  type StatusDetail,
  statusEvent,
  transcribedEvent,
  transferEvent,
} from '../webhooks/call-events.ts';
import type { Payload } from '../webhooks/webhook.ts';
import type { World } from '../world.ts';

/** How to make a webhook without a call. */
interface Template {
  /** One line for the list. */
  what: string;
  /** @param length duration of its call in milliseconds; default 12,000. */
  make(world: World, length?: number): Payload;
  /** Events that the platform sends just before it, and without which it would mean something else. */
  before?(event: Payload, world: World): Payload[];
}

const CALLER = '447700900000';
const NUMBER = '442038297050';
const AGENT = 'Alice';
const LENGTH = 12_000;

/** All webhooks of Vonage's Voice API, by name. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  answer: { what: 'a request to the answer URL', make: question },
  started: status('started', 'a call begins'),
  ringing: status('ringing', 'the call rings'),
  answered: status('answered', 'the call is answered'),
  completed: {
    what: 'an answered call ends; with duration=0, a call that nobody answered',
    make: (world, length) => statusEvent(facts(world, {}, length), 'completed', now(world), HUNG_UP),
    before: agentCompleted,
  },
  busy: outbound('busy', 'the called number is busy', { sip_code: 486 }),
  cancelled: outbound('cancelled', 'the caller hangs up before anyone answers', { sip_code: 487 }),
  timeout: outbound('timeout', 'nobody answers in time', { sip_code: 480 }),
  unanswered: outbound('unanswered', 'nobody can be reached', { detail: 'unavailable', sip_code: 480 }),
  rejected: outbound('rejected', 'the call is declined', { detail: 'declined', sip_code: 603 }),
  failed: outbound('failed', 'the number is invalid', { detail: 'cannot_route', sip_code: 404 }),
  human: outbound('human', 'a person answers', {}),
  machine: outbound('machine', 'an answering machine answers', { sub_state: 'beep_start' }),
  disconnected: outbound('disconnected', 'a websocket closes', { reason: 'Websocket closed' }),
  record: { what: 'a recording is ready', make: record },
  transcription: { what: 'a transcription is ready', make: transcription },
  'input-dtmf': input('digits are entered', { digits: '1234' }),
  'input-speech': input('speech is recognized', { text: 'hello' }),
  transfer: { what: 'a leg moves to another conversation', make: transfer },
  notify: {
    what: 'a notify action is reached',
    make: (world) => notifyEvent(conversation(world), { foo: 'bar' }, world.now()),
  },
  payment: { what: 'a payment succeeds', make: payment },
  error: {
    what: 'an NCCO or a webhook is invalid',
    make: (world) =>
      errorEvent(conversation(world), 'NCCO[0].endpoint: must hold exactly one endpoint', world.now()),
  },
};

const HUNG_UP: StatusDetail = { disconnected_by: 'user', sip_code: 200 };

/** The full second: the times of a call, which have no milliseconds, then fit those of its events. */
function now(world: World): number {
  return Math.floor(world.now() / 1000) * 1000;
}

/** The leg of the agent who took the call ends with the caller's: a caller alone has not been answered. */
function agentCompleted(caller: Payload, world: World): Payload[] {
  if (caller.direction !== 'inbound' || !(Number(caller.duration) > 0)) return [];
  const leg = facts(world, { to: AGENT, uuid: world.uuid(), direction: 'outbound', channel: 'app' });
  const { from, conversation_uuid, start_time, end_time, duration, timestamp } = caller;
  const parts = { from, conversation_uuid, start_time, end_time, duration, timestamp };
  const detail = { ...HUNG_UP, disconnected_by: 'platform' } as const;
  return [{ ...statusEvent(leg, 'completed', now(world), detail), ...parts }];
}

function facts(world: World, leg: Partial<LegFacts> = {}, length = LENGTH): LegFacts {
  const end = now(world);
  return {
    from: CALLER,
    to: NUMBER,
    uuid: world.hex(16),
    conversationUuid: conversation(world),
    direction: 'inbound',
    channel: 'phone',
    startedAt: end - length - 1000,
    answeredAt: length === 0 ? undefined : end - length,
    endedAt: end,
    ...leg,
  };
}

function conversation(world: World): string {
  return `CON-${world.uuid()}`;
}

function question(world: World): Payload {
  const { from, to, uuid, conversationUuid } = facts(world);
  return { from, to, uuid, conversation_uuid: conversationUuid, endpoint_type: 'phone' };
}

function status(name: LegStatus, what: string): Template {
  return { what, make: (world, length) => statusEvent(facts(world, {}, length), name, now(world)) };
}

function outbound(name: LegStatus, what: string, detail: StatusDetail): Template {
  return {
    what,
    make(world) {
      const leg = facts(world, { from: NUMBER, to: CALLER, direction: 'outbound' });
      return statusEvent(leg, name, world.now(), detail);
    },
  };
}

function input(what: string, result: InputResult): Template {
  return { what, make: (world) => inputEvent(facts(world), result, world.now()) };
}

function record(world: World): Payload {
  const id = world.uuid();
  const now = world.now();
  const url = `https://api.nexmo.com/v1/files/${id}`;
  return recordEvent(
    conversation(world),
    { id, url, size: 96_044, startedAt: now - LENGTH, endedAt: now },
    now,
  );
}

function transcription(world: World): Payload {
  const url = `https://api.nexmo.com/v1/files/${world.uuid()}`;
  return transcribedEvent(conversation(world), world.uuid(), url, world.now());
}

function transfer(world: World): Payload {
  return transferEvent(world.uuid(), conversation(world), conversation(world), world.now());
}

function payment(world: World): Payload {
  return {
    status: 'success',
    conversation_uuid: conversation(world),
    uuid: world.hex(16),
    timestamp: new Date(world.now()).toISOString(),
  };
}

/**
 * Puts `a.b=value` settings into a payload. A value is JSON where it can be read as such, else a text; where it
 * replaces a text it stays one, because Vonage writes many numbers as texts (`duration: "12"`).
 * Throws, in words, for a setting that cannot be read.
 */
export function withOverrides(payload: Payload, settings: readonly string[]): Payload {
  const changed: Payload = structuredClone(payload);
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const path = setting.slice(0, at).split('.');
    if (at < 1 || path.includes('')) throw new Error(`--set takes name=value or a.b=value, not "${setting}"`);
    put(changed, path, setting.slice(at + 1));
  }
  return changed;
}

const NEVER = new Set(['__proto__', 'constructor', 'prototype']);

function put(target: Payload, [name = '', ...rest]: string[], text: string): void {
  if (NEVER.has(name)) throw new Error(`--set cannot set "${name}"`);
  const present = target[name];
  if (rest.length === 0) {
    target[name] = typeof present === 'string' ? asText(text) : asValue(text);
    return;
  }
  const inner: Payload = typeof present === 'object' && present !== null ? { ...present } : {};
  target[name] = inner;
  put(inner, rest, text);
}

function asValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Null and a JSON text are what they say; all else is the text itself. */
function asText(text: string): string | null {
  const value = asValue(text);
  return value === null || typeof value === 'string' ? value : text;
}
