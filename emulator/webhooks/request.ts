import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { SigningIdentity, WebhookAddress } from '../provisioning/account.ts';
import { createSemaphore } from '../semaphore.ts';
import type { World } from '../world.ts';
import { composeWebhook } from './compose.ts';
import { failureOf, readBounded, refusal } from './failure.ts';
import type { Patience, Payload, WebhookOutcome } from './webhook.ts';

/** One webhook, whichever attempt. */
interface Webhook {
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

/** Called at the start of each attempt; the returned function is called at its end. */
export type WebhookObserver = (attempt: WebhookAttempt) => (end: AttemptEnd) => void;

export interface SendOptions {
  /** Number of the entry of the traffic log that this webhook repeats. */
  repeats?: number | undefined;
  /** Called when its connection is open and it is sent: hundreds of simultaneous ones wait for each other. */
  onSent?: (() => void) | undefined;
}

/** Sends webhooks as Vonage does: signed, within time limits, tried again where Vonage tries again. */
export interface WebhookClient {
  send(
    target: WebhookAddress,
    payload: Payload,
    identity: SigningIdentity,
    /** Default for targets without time limits. */
    patience: Patience,
    more?: SendOptions,
  ): Promise<WebhookOutcome>;
  close(): Promise<void>;
}

const PAUSE_BEFORE_RETRY = 200;

/**
 * Webhooks that an application gets at once, and for how many milliseconds at most one of them counts. Hundreds of
 * calls that begin in one moment would otherwise open as many connections in that moment: the queue in which a server
 * lets connections wait is shorter than that, and who finds it full is told nothing for a second. An application that
 * thinks long over each webhook is not at its limit by that.
 */
const AT_ONCE = { most: 100, holds: 250 };

/** A virtual clock stands still meanwhile: an answer is not late because the machine is busy, only when none comes. */
const VIRTUAL_PATIENCE = 10;

export function createWebhookClient(world: World, observe: WebhookObserver = () => () => {}): WebhookClient {
  const semaphore = createSemaphore(AT_ONCE);
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
    onSent?: () => void,
  ): Promise<WebhookOutcome & { retry?: boolean }> {
    const { target, payload, identity } = webhook;
    const leave = await semaphore.acquire(URL.parse(target.address)?.host ?? target.address);
    const message = composeWebhook(target, payload, identity);
    const ended = observe({ ...webhook, ...message, attempt: number });
    const deadline = createAnswerDeadline(patience.respond, onSent);
    try {
      const answer = await request(message.url, {
        method: target.method,
        headers: message.headers,
        body: message.body ?? null,
        dispatcher: agentFor(patience.connect).compose(deadline.watch),
        signal: deadline.signal,
      });
      const status = answer.statusCode;
      const body = await readBounded(answer.body);
      ended({ status, headers: answer.headers, body });
      if (status >= 200 && status <= 205) {
        return { ok: true, status, contentType: String(answer.headers['content-type'] ?? ''), body };
      }
      return { ok: false, ...refusal(status, answer.headers.location) };
    } catch (error) {
      const failure = failureOf(error, patience);
      ended({ error, reason: failure.reason });
      return { ok: false, ...failure };
    } finally {
      deadline.end();
      leave();
    }
  }

  async function insist(webhook: Webhook, usual: Patience, onSent?: () => void): Promise<WebhookOutcome> {
    const { connectTimeout = usual.connect, socketTimeout = usual.respond } = webhook.target;
    const slack = world.isVirtual ? VIRTUAL_PATIENCE : 1;
    const patience = { ...usual, connect: connectTimeout * slack, respond: socketTimeout * slack };
    for (let number = 1; ; number += 1) {
      const { retry, ...outcome } = await attempt(webhook, number, patience, onSent);
      if (outcome.ok || !retry || number >= patience.attempts) return outcome;
      await wait(PAUSE_BEFORE_RETRY);
    }
  }

  return {
    send: (target, payload, identity, patience, { repeats, onSent } = {}) =>
      world.trackPending(
        insist({ target, payload, identity, ...(repeats !== undefined && { repeats }) }, patience, onSent),
      ),
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** Limits how long an answer takes, from the moment at which the connection is there. */
interface AnswerDeadline {
  /** To be put before the dispatcher: sees when the request goes out. */
  watch: Dispatcher.DispatcherComposeInterceptor;
  /** Aborted, by a `TimeoutError`, when the time is up. */
  readonly signal: AbortSignal;
  /** The whole answer is there, or nobody waits for it any more. */
  end(): void;
}

/**
 * @param ms that the whole answer may take. The connection has a limit of its own, which does not count here.
 * @param onStart called when the connection is there and the request goes out
 */
function createAnswerDeadline(ms: number, onStart: () => void = () => {}): AnswerDeadline {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    clearTimeout(timer);
    // By way of an immediate: an answer that came in while the process was busy is in time.
    timer = setTimeout(() => setImmediate(giveUp), ms);
  };
  const giveUp = () => late.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
  return {
    watch: (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          begin();
          onStart();
          handler.onRequestStart?.(controller, context);
        },
        onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
        onResponseStart: (...start) => handler.onResponseStart?.(...start),
        onResponseData: (...data) => handler.onResponseData?.(...data),
        onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
        onResponseError: (...error) => handler.onResponseError?.(...error),
      }),
    signal: late.signal,
    end: () => clearTimeout(timer),
  };
}
