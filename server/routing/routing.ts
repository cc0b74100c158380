import type { AnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';

/** Decides how to answer webhooks. It uses only the webhook itself, so that callers never wait for the store. */
export interface Routing {
  /** @param baseUrl this server's address as the platform reaches it; undefined if unknown. */
  answer(call: AnswerRequest, baseUrl: string | undefined): Reply;
  event(event: WebhookEvent): Reply;
}
