import type { Dialable } from '../../domain/desk/outbound.ts';
import type { AnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';
import type { Config } from '../config/config.ts';
import type { Roster } from '../people/roster.ts';
import type { Meaning } from './append.ts';

/** How to answer a webhook. */
export interface Response {
  /** The answer, or what is answered if the store does not decide in time. */
  reply: Reply;
  /**
   * `now`: the reply is sent at once and stored after, because a caller waits. `briefly`: the transaction that
   * stores the webhook decides, but a caller waits for it no longer than half a second. `decided`: it is waited for,
   * and the reply is sent only if the store fails. `stored`: the reply is sent when it is stored, and not at all if
   * it cannot be.
   */
  when: 'now' | 'briefly' | 'decided' | 'stored';
  /** What the transaction that stores the webhook is told, to decide the reply. */
  told?: Meaning;
}

/** The route of a webhook: its path below `/voice`, in parts. */
export type Route = readonly [string, ...string[]];

/** The agents who receive calls: with the desk all, otherwise the first. */
export function calledAgents({ routing }: Pick<Config, 'routing'>, roster: Roster): readonly string[] {
  return routing === 'desk' ? roster.agents() : roster.agents().slice(0, 1);
}

/** The route of an address of this server; undefined if it is none of its webhooks. */
export function routeOf(url: string | undefined): Route | undefined {
  const path = url === undefined ? undefined : URL.parse(url)?.pathname;
  const [, first, kind, ...rest] = path?.split('/') ?? [];
  return first !== 'voice' || !kind ? undefined : [kind, ...rest];
}

/** Decides how to answer webhooks, from the webhook alone, so that callers never wait for the store. */
export interface Routing {
  /** @param baseUrl this server's address as the platform reaches it; undefined if unknown. */
  answer(call: AnswerRequest, route: Route, baseUrl: string | undefined): Response;
  event(event: WebhookEvent, route: Route, baseUrl: string | undefined): Response;
  /** Whether an agent may dial what she typed. */
  readDialled(text: string): Dialable;
}
