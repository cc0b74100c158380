import type { AnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';

/** A request to one of the webhook URLs. */
export type Webhook =
  | { type: 'event'; event: WebhookEvent }
  /** `fallback` if the answer URL failed before. */
  | { type: 'answer' | 'fallback'; request: AnswerRequest };

/** How a webhook was answered. `took` is in milliseconds. */
export interface Reply {
  requestId: string;
  status: number;
  took: number;
}

/** A request of the desk to the platform, and the webhook that caused it. */
export interface SentEffect {
  requestId: string | null;
  kind: string;
  result: string;
  attempt: number;
  requests: readonly { method: string; url: string; status: number | null; took: number }[];
}

/** How a format prints each item: complete lines, or nothing. */
export interface Wording {
  nccoRequest(request: AnswerRequest, kind: 'answer' | 'fallback'): string;
  event(event: WebhookEvent): string;
  replied(webhook: Webhook, reply: Reply): string;
  /** What the desk did, on one line; its names and numbers are not trusted. */
  desk(line: string, requestId: string | null): string;
  effect(sent: SentEffect): string;
  /** Information; may have several trusted lines. */
  note(text: string): string;
  /** A problem that needs action. */
  warning(text: string): string;
}
