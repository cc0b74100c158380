import type { AnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';

/** What to do with calls. A reply is decided from the webhook alone: a caller never waits for the store. */
export interface Routing {
  /** @param baseUrl where the platform reaches this server; undefined where the request does not tell. */
  answer(call: AnswerRequest, baseUrl: string | undefined): Reply;
  event(event: WebhookEvent): Reply;
}
