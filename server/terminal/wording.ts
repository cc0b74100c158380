import type { AnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';

/** What came to one of the addresses that Vonage calls. */
export type Webhook =
  | { type: 'event'; event: WebhookEvent }
  /** `fallback` where the answer URL was asked first, and failed. */
  | { type: 'answer' | 'fallback'; request: AnswerRequest };

/** How a webhook was answered. `took` is in milliseconds. */
export interface Reply {
  requestId: string;
  status: number;
  took: number;
}

/** What a format makes of each thing that is worth printing: whole lines with their ends, or nothing. */
export interface Wording {
  nccoRequest(request: AnswerRequest, kind: 'answer' | 'fallback'): string;
  event(event: WebhookEvent): string;
  replied(webhook: Webhook, reply: Reply): string;
  /** Something to know, in words; may have several lines, which are ours. */
  note(text: string): string;
  /** Something is wrong and somebody should act, in words. */
  warning(text: string): string;
}
