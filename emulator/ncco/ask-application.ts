import type { Exchange } from '../calls/exchange.ts';
import { askFallback } from '../calls/fallback.ts';
import type { Leg } from '../calls/leg.ts';
import type { WebhookAddress, Webhooks } from '../provisioning/account.ts';
import { regionUrl } from '../provisioning/capabilities.ts';
import { ANSWER_PATIENCE, type Payload, type WebhookOutcome } from '../webhooks/webhook.ts';
import { type ParsedNcco, parseNcco } from './ncco.ts';

interface AnswerWebhooks extends Pick<Webhooks, 'answer' | 'fallback'> {
  /** The platform's own address, without a slash at the end. */
  url: string;
}

/**
 * Asks an application what to do with a leg.
 * @returns the NCCO of the answer URL, else of the fallback URL, else the last fault; the application is told each.
 */
export async function askApplication(
  leg: Leg,
  exchange: Exchange,
  { answer, fallback, url }: AnswerWebhooks,
): Promise<ParsedNcco> {
  const question: Payload = {
    ...parties(leg),
    uuid: leg.uuid,
    conversation_uuid: leg.conversation.id,
    endpoint_type: leg.channel.type,
    ...(leg.dialled?.customData && { custom_data: leg.dialled.customData }),
    region_url: regionUrl(leg.application, url),
  };
  const refused = (reason: string): ParsedNcco => {
    exchange.reportError(leg.conversation, reason);
    return { ok: false, reason };
  };
  if (!answer) return refused('The application has no answer URL.');
  const identity = exchange.identityOf(leg.application.id);
  const answered = await exchange.parts.webhooks.send(answer, question, identity, ANSWER_PATIENCE);
  const first = nccoOf('Answer URL', answer, answered);
  if (first.ok) return first;
  const fault = refused(first.reason);
  if (!fallback || leg.end) return fault;
  const failed = { target: answer, payload: question, reason: first.reason };
  const again = await askFallback(failed, fallback, leg.application.id, exchange);
  const second = nccoOf('Fallback URL', fallback, again);
  return second.ok ? second : refused(second.reason);
}

/** Who calls whom. A page that calls is told as a user, and `to` is what it gave (Client SDK guide, "Make a call"). */
function parties(leg: Leg): Payload {
  const { dialled, from, to } = leg;
  if (dialled) return { ...(dialled.to !== undefined && { to: dialled.to }), from_user: to };
  // Nobody's number is left out, not told as null.
  return { ...(from !== null && { from }), to };
}

function nccoOf(title: string, target: WebhookAddress, outcome: WebhookOutcome): ParsedNcco {
  if (!outcome.ok) return { ok: false, reason: `${title} ${target.address} ${outcome.reason}` };
  return parseNcco(outcome.body, outcome.contentType);
}
