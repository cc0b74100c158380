import { z } from 'zod';
import type { Answer, ThrowAwayApplication } from './account.ts';
import { NotTried, type Outcome } from './belief.ts';
import type { Page, PageEvent } from './page.ts';
import { windowsOf } from './sound.ts';
import type { Arrival, Reply, WebhookServer } from './webhook-server.ts';

/** Milliseconds: how long something may take, and how long nothing must come before that counts as never. */
export interface Pace {
  patience: number;
  quiet: number;
}

export type Ncco = Record<string, unknown>[];

/** The tools of one attempt. Everything that they do and see becomes a step of the report. */
export interface StageParts {
  application: ThrowAwayApplication;
  server: WebhookServer;
  /** The address of the server as the platform reaches it, with its prefix. */
  publicBase: string;
  /** Three app users. */
  pages: readonly [Page, Page, Page];
  /** The number that calls of the API come from. */
  number: string;
  pace: Pace;
  signal: AbortSignal;
}

/** Statuses after which a leg is over. */
const OVER = new Set(['completed', 'rejected']);
/** Milliseconds between two calls that are created: Vonage takes 3 a second. */
const BETWEEN_CALLS = 400;
/** Milliseconds after which a call that was one too many is tried again. */
const AFTER_REFUSAL = 1500;
const POLL_MS = 20;

const created = z.looseObject({ uuid: z.string().min(1) });

let lastCall = 0;

export class Stage {
  readonly pace: Pace;
  readonly number: string;
  readonly pages: StageParts['pages'];
  readonly steps: Outcome['steps'] = [];
  readonly #parts: StageParts;
  readonly #began = Date.now();
  readonly #firstArrival: number;
  readonly #stopWatching: () => void;
  #names = 0;

  constructor(parts: StageParts) {
    this.#parts = parts;
    this.pace = parts.pace;
    this.number = parts.number;
    this.pages = parts.pages;
    this.#firstArrival = parts.server.arrivals.length;
    this.#stopWatching = parts.server.onArrival((arrival) => this.#see(arrival));
    parts.server.on('/answer', () => ({ body: this.stay() }));
    parts.server.on('/fallback', () => ({ body: this.stay() }));
    parts.server.on('/event', () => ({}));
  }

  /** Writes a step. */
  note(what: string): void {
    this.steps.push({ at: Math.round((Date.now() - this.#began) / 10) / 100, what });
  }

  /** A name that nothing else in the run has. */
  name(): string {
    this.#names += 1;
    return `conformance-${this.#began}-${this.#names}`;
  }

  /** An NCCO that keeps a leg up. */
  stay(): Ncco {
    return [{ action: 'conversation', name: this.name() }];
  }

  /** An NCCO that keeps a leg up in the conversation that it is in. */
  wait(): Ncco {
    return [{ action: 'wait', timeout: 600 }];
  }

  /** The address of a path of the application, as the platform reaches it. */
  url(path: string): string {
    return `${this.#parts.publicBase}${path}`;
  }

  /** How the application answers at a path, for this attempt. */
  replies(path: string, handler: (arrival: Arrival) => Reply): void {
    this.#parts.server.on(path, handler);
  }

  /** The webhooks of this attempt, in the order of their arrival. */
  arrivals(path?: string): Arrival[] {
    const all = this.#parts.server.arrivals.slice(this.#firstArrival);
    return path === undefined ? all : all.filter((arrival) => arrival.path === path);
  }

  /** The events of a leg, by whichever path they came. */
  events(leg: string): Arrival[] {
    return this.arrivals().filter(
      ({ payload }) =>
        payload.uuid === leg && !('endpoint_type' in payload) && !('original_request' in payload),
    );
  }

  /** The statuses of a leg, in the order of their arrival. */
  statuses(leg: string): string[] {
    return this.events(leg).flatMap(({ payload }) =>
      typeof payload.status === 'string' ? payload.status : [],
    );
  }

  /** Waits for a condition, within the patience of the platform; whether it came about. */
  async sees(condition: () => unknown, patience = this.pace.patience): Promise<boolean> {
    for (const end = Date.now() + patience; ; ) {
      if (condition()) return true;
      if (Date.now() >= end) return false;
      await this.pause(POLL_MS);
    }
  }

  /** Waits for what must be there before the question can be asked. Throws NotTried where it does not come. */
  async needs<T>(what: string, look: () => T | undefined | false, patience?: number): Promise<T> {
    let found: T | undefined | false;
    const came = await this.sees(() => {
      found = look();
      return found !== undefined && found !== false;
    }, patience);
    if (!came || found === undefined || found === false) throw new NotTried(`There was never ${what}.`);
    return found;
  }

  /** Waits as long as something may still come. */
  async quiet(): Promise<void> {
    await this.pause(this.pace.quiet);
  }

  async pause(ms: number): Promise<void> {
    const { signal } = this.#parts;
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
    signal.throwIfAborted();
  }

  /** `POST /v1/calls` as it is, without a word about the answer. */
  async tryToCall(user: Page, more: Record<string, unknown>): Promise<Answer> {
    const from = { type: 'phone', number: this.number };
    const body = { to: [{ type: 'app', user: user.user }], from, ...more };
    const answer = await this.#parts.application.calls('POST', '', body);
    this.note(`POST /v1/calls to ${user.user} → ${answer.status}`);
    const leg = created.safeParse(answer.body);
    if (answer.status === 201 && leg.success) this.#parts.application.noteLeg(leg.data.uuid);
    return answer;
  }

  /** Calls a user by the API. @returns the leg */
  async post(user: Page, more: Record<string, unknown> = { ncco: this.wait() }): Promise<string> {
    await this.pause(Math.max(0, lastCall + BETWEEN_CALLS - Date.now()));
    lastCall = Date.now();
    let answer = await this.tryToCall(user, more);
    if (answer.status === 429) {
      await this.pause(AFTER_REFUSAL);
      answer = await this.tryToCall(user, more);
    }
    if (answer.status !== 201) throw new NotTried(`POST /v1/calls was answered with ${answer.status}.`);
    return created.parse(answer.body).uuid;
  }

  /** A call by the API that its user has answered. @returns the leg */
  async answered(user: Page, more?: Record<string, unknown>): Promise<string> {
    const leg = await this.post(user, more);
    await this.answer(user, await this.invitation(user));
    await this.needs(`an "answered" of ${user.user}`, () => this.statuses(leg).includes('answered'));
    return leg;
  }

  /** The latest invitation of a user in this attempt. */
  async invitation(user: Page): Promise<PageEvent & { name: 'invite' }> {
    const invite = await this.needs(`an invitation of ${user.user}`, () =>
      this.told(user).findLast((one) => one.name === 'invite'),
    );
    this.note(`${user.user} is invited, from "${invite.from}"`);
    return invite;
  }

  async answer(user: Page, { call }: { call: string }): Promise<void> {
    await this.#does(`${user.user} answers`, () => user.answer(call));
  }

  async reject(user: Page, { call }: { call: string }): Promise<void> {
    await this.#does(`${user.user} rejects`, () => user.reject(call));
  }

  async hangUp(user: Page, { call }: { call: string }): Promise<void> {
    await this.#does(`${user.user} hangs up`, () => user.hangUp(call));
  }

  /**
   * A page calls the application.
   * @param reply how the answer URL answers
   * @returns the leg
   */
  async calls(
    user: Page,
    reply: (arrival: Arrival) => Reply,
    context: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    this.replies('/answer', reply);
    // What becomes of the call is told by webhooks; a page whose call is refused must not end the attempt.
    void this.#does(`${user.user} calls with serverCall(${JSON.stringify(context)})`, () =>
      user.call(context),
    ).catch(() => {});
    const { payload } = await this.needs('a request of the answer URL', () => this.arrivals('/answer')[0]);
    const leg = String(payload.uuid);
    this.#parts.application.noteLeg(leg);
    return leg;
  }

  /** A page calls another by `connect`, and the other answers. @returns both legs */
  async connected(
    from: Page,
    to: Page,
  ): Promise<{ caller: string; called: string; invite: PageEvent & { name: 'invite' } }> {
    const connect = { action: 'connect', timeout: 20, endpoint: [{ type: 'app', user: to.user }] };
    const caller = await this.calls(from, () => ({ body: [connect] }));
    const invite = await this.invitation(to);
    await this.answer(to, invite);
    const called = await this.needs('an "answered" of the called leg', () =>
      this.arrivals()
        .map(({ payload }) => payload)
        .filter(({ uuid, status }) => uuid !== caller && status === 'answered')
        .map(({ uuid }) => String(uuid))
        .at(0),
    );
    this.#parts.application.noteLeg(called);
    return { caller, called, invite };
  }

  /** What a page was told in this attempt. */
  told(user: Page): PageEvent[] {
    return user.told.filter(({ at }) => at >= this.#began);
  }

  /** `PUT` on a leg, or on a part of it such as `/talk`. @returns the status of the answer */
  async control(leg: string, body: Record<string, unknown>, part = ''): Promise<number> {
    const { status } = await this.#parts.application.calls('PUT', `/${leg}${part}`, body);
    this.note(`PUT /v1/calls/…${part} ${summary(body)} → ${status}`);
    return status;
  }

  /** As `control`, for what the attempt cannot do without. */
  async must(leg: string, body: Record<string, unknown>, part = ''): Promise<void> {
    const status = await this.control(leg, body, part);
    if (status >= 300) throw new NotTried(`${summary(body)} was answered with ${status}.`);
  }

  async transfer(leg: string, destination: { ncco: Ncco } | { url: [string] }): Promise<void> {
    await this.must(leg, { action: 'transfer', destination: { type: 'ncco', ...destination } });
  }

  /** What `GET /v1/calls/{uuid}` says of a leg's status. */
  async statusOf(leg: string): Promise<string> {
    const { status, body } = await this.#parts.application.calls('GET', `/${leg}`);
    const said = z.looseObject({ status: z.string() }).safeParse(body);
    const words = said.success ? said.data.status : String(status);
    this.note(`GET /v1/calls/… → ${words}`);
    return words;
  }

  /** Windows of what a page hears from now on, for some milliseconds. */
  async listens(user: Page, ms: number): Promise<ReturnType<typeof windowsOf>> {
    const from = Date.now();
    await this.pause(ms);
    return windowsOf(await user.heard(from, Date.now()));
  }

  /** Waits until a page hears the tone; whether it does. */
  async hearsTone(user: Page): Promise<boolean> {
    for (const end = Date.now() + this.pace.patience; Date.now() < end; ) {
      const windows = await this.listens(user, 300);
      if (windows.filter(({ tone }) => tone).length >= 2) return true;
    }
    return false;
  }

  /** Hangs up all that is up, and lets the pages notice. */
  async end(): Promise<void> {
    await this.#parts.application.endCalls();
    const open = () =>
      this.pages.flatMap((page) => {
        const over = new Set(this.told(page).flatMap(({ name, call }) => (name === 'invite' ? [] : call)));
        return this.told(page).filter(({ name, call }) => name === 'invite' && !over.has(call));
      });
    await this.sees(() => open().length === 0, this.pace.quiet).catch(() => {});
    this.#stopWatching();
  }

  async #does(what: string, act: () => Promise<unknown>): Promise<void> {
    this.note(what);
    await act().catch((error: unknown) => {
      throw new NotTried(`${what}: ${error instanceof Error ? error.message : 'failed'}`);
    });
  }

  /** Makes a webhook a step, and remembers which legs are up. */
  #see({ method, path, payload, claims }: Arrival): void {
    const { status, uuid } = payload;
    const kind =
      typeof status === 'string' ? status : typeof payload.type === 'string' ? payload.type : 'webhook';
    const whom = typeof payload.to === 'string' ? ` to ${payload.to}` : '';
    const named =
      path === '/event' ? `${kind}${whom}` : `${path.slice(1)}${path === '/answer' ? '' : ` ${kind}`}`;
    this.note(`${method} ${named}${claims ? '' : ' (not signed)'}`);
    if (typeof uuid === 'string') this.#parts.application.noteLeg(uuid, OVER.has(String(status)));
  }
}

function summary(body: Record<string, unknown>): string {
  if (typeof body.action === 'string') return body.action;
  return Object.keys(body).join(', ');
}
