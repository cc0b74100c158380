import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { WebhookAddress } from '../account.ts';
import type { World } from '../world.ts';
import type { SigningIdentity } from './signature.ts';
import { signWebhook } from './signature.ts';

/** What a webhook carries: flat fields; nested objects travel as JSON text in a GET. */
export type Payload = Record<string, unknown>;

/** How long the platform waits, in milliseconds, and how often it tries. */
export interface Patience {
  connect: number;
  respond: number;
  attempts: number;
}

/** Vonage's own limits: one more attempt, and never longer than this (Application API, webhook timeouts). */
export const ANSWER_PATIENCE: Patience = { connect: 1000, respond: 5000, attempts: 2 };
export const EVENT_PATIENCE: Patience = { connect: 1000, respond: 10_000, attempts: 2 };

export type WebhookOutcome =
  | { ok: true; status: number; contentType: string; body: string }
  | { ok: false; reason: string };

/** One webhook, whichever attempt. */
export interface Webhook {
  target: WebhookAddress;
  payload: Payload;
  identity: SigningIdentity;
  /** Number of the entry of the traffic log that this one repeats. */
  repeats?: number;
}

/** One attempt, as it goes over the wire. */
export interface WebhookAttempt extends Webhook {
  /** From 1. */
  attempt: number;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

/** How an attempt ended: with an answer, of which a part may be missing; or with what was thrown, and that in words. */
export type AttemptEnd =
  | { status: number; headers: Readonly<Record<string, string | string[] | undefined>>; body: string }
  | { error: unknown; reason: string };

/** Is told of each attempt when it begins; what it returns is told how the attempt ended. */
export type WebhookObserver = (attempt: WebhookAttempt) => (end: AttemptEnd) => void;

/** Sends webhooks as Vonage does: signed, within time limits, tried again where Vonage tries again. */
export interface WebhookClient {
  send(
    target: WebhookAddress,
    payload: Payload,
    identity: SigningIdentity,
    patience: Patience,
    /** Number of the entry of the traffic log that this webhook repeats. */
    repeats?: number,
  ): Promise<WebhookOutcome>;
  close(): Promise<void>;
}

const RETRIED_STATUS = new Set([429, 503, 504]);
const PAUSE_BEFORE_RETRY = 200;
const MAX_BODY = 1024 * 1024;

export function createWebhookClient(world: World, observe: WebhookObserver = () => () => {}): WebhookClient {
  const agents = new Map<number, Agent>();
  const agentFor = (connect: number) => {
    const known = agents.get(connect);
    if (known) return known;
    const made = new Agent({ connect: { timeout: connect }, keepAliveTimeout: 4000 });
    agents.set(connect, made);
    return made;
  };

  async function attempt(
    webhook: Webhook,
    number: number,
    patience: Patience,
  ): Promise<WebhookOutcome & { retry?: boolean }> {
    const { target, payload, identity } = webhook;
    const message = compose(target, payload, identity);
    const ended = observe({ ...webhook, ...message, attempt: number });
    try {
      const answer = await request(message.url, {
        method: target.method,
        headers: message.headers,
        body: message.body ?? null,
        dispatcher: agentFor(patience.connect),
        signal: AbortSignal.timeout(patience.connect + patience.respond),
      });
      const status = answer.statusCode;
      const body = await readBounded(answer.body);
      ended({ status, headers: answer.headers, body });
      if (status >= 200 && status <= 205) {
        return { ok: true, status, contentType: String(answer.headers['content-type'] ?? ''), body };
      }
      return { ok: false, reason: `answered ${status}`, retry: RETRIED_STATUS.has(status) };
    } catch (error) {
      const reason = describe(error, patience);
      ended({ error, reason });
      return { ok: false, reason, retry: !(error instanceof BodyTooLarge) };
    }
  }

  async function insist(webhook: Webhook, patience: Patience): Promise<WebhookOutcome> {
    for (let number = 1; ; number += 1) {
      const { retry, ...outcome } = await attempt(webhook, number, patience);
      if (outcome.ok || !retry || number >= patience.attempts) return outcome;
      await wait(PAUSE_BEFORE_RETRY);
    }
  }

  return {
    send: (target, payload, identity, patience, repeats) =>
      world.during(
        insist({ target, payload, identity, ...(repeats !== undefined && { repeats }) }, patience),
      ),
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function compose(target: WebhookAddress, payload: Payload, identity: SigningIdentity) {
  const common = { 'user-agent': 'Apache-HttpAsyncClient/4.1 (Java/1.8.0_66)', 'cache-control': 'max-age=0' };
  if (target.method === 'POST') {
    const body = JSON.stringify(payload);
    const headers = { ...common, 'content-type': 'application/json', ...signature(body, identity) };
    return { url: target.address, body, headers };
  }
  const query = asQuery(payload);
  const url = new URL(target.address);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  // The hash covers the whole query, so also parameters that the address itself brings.
  const signed = JSON.stringify(Object.fromEntries(url.searchParams));
  return { url: url.href, body: undefined, headers: { ...common, ...signature(signed, identity) } };
}

function signature(signed: string, identity: SigningIdentity): { authorization?: string } {
  const token = signWebhook(signed, identity, Date.now());
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function asQuery(payload: Payload): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload)) {
    if (value === undefined) continue;
    query[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return query;
}

class BodyTooLarge extends Error {}

async function readBounded(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BODY) throw new BodyTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function describe(error: unknown, patience: Patience): string {
  if (error instanceof BodyTooLarge) return 'answered with more than 1 MB';
  const name = error instanceof Error ? error.name : '';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `could not be connected to within ${patience.connect} ms`;
  if (name === 'TimeoutError') return `did not answer within ${patience.respond} ms`;
  if (code === 'ECONNREFUSED') return 'refused the connection';
  if (code === 'ENOTFOUND') return 'has a host name that does not resolve';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'closed the connection without an answer';
  return code || (error instanceof Error ? error.message : 'failed');
}
