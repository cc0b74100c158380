import type { WebhookAddress } from '../provisioning/account.ts';
import { ANSWER_PATIENCE, type Payload, type WebhookOutcome } from '../webhooks/webhook.ts';
import type { Exchange } from './exchange.ts';
import type { Conversation } from './leg.ts';

/** A webhook that failed, whose answer would have been an NCCO. */
interface FailedQuestion {
  target: WebhookAddress;
  payload: Payload;
  /** What went wrong, in words. */
  reason: string;
}

/**
 * Asks an application's fallback URL what another webhook failed to tell: the same question, with the reason and the
 * original request (Vonage's webhook reference, fallback URL).
 */
export function askFallback(
  { target, payload, reason }: FailedQuestion,
  fallback: WebhookAddress,
  applicationId: string,
  exchange: Exchange,
): Promise<WebhookOutcome> {
  const question = { ...payload, reason, original_request: { url: target.address, type: target.method } };
  return exchange.parts.webhooks.send(
    fallback,
    question,
    exchange.identityOf(applicationId),
    ANSWER_PATIENCE,
  );
}

/** The reply to an event, and where that failed, the fallback URL's; where that fails too, the call goes on as it is. */
export async function replyOrFallback(
  told: Promise<WebhookOutcome | undefined>,
  event: Omit<FailedQuestion, 'reason'>,
  { application }: Conversation,
  exchange: Exchange,
): Promise<WebhookOutcome | undefined> {
  const reply = await told;
  const { fallback } = application.webhooks;
  if (!reply || reply.ok || !fallback) return reply;
  const reason = `Event URL ${event.target.address} ${reply.reason}`;
  const second = await askFallback({ ...event, reason }, fallback, application.id, exchange);
  if (!second.ok) exchange.parts.log(`Fallback URL ${fallback.address} ${second.reason}`);
  return second;
}
