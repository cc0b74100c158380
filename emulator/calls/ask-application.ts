import type { WebhookAddress, Webhooks } from '../account.ts';
import type { ParsedNcco } from '../ncco/ncco.ts';
import { parseNcco } from '../ncco/ncco.ts';
import type { Payload } from '../webhooks/request.ts';
import { ANSWER_PATIENCE } from '../webhooks/request.ts';
import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';

export interface AnswerWebhooks extends Pick<Webhooks, 'answer' | 'fallback'> {
  /** The platform's own address, by which this call is controlled. */
  regionUrl: string;
}

/**
 * Asks an application what to do with a leg.
 * @returns the NCCO of the answer URL, else of the fallback URL, else the last fault; the application is told each.
 */
export async function askApplication(
  leg: Leg,
  exchange: Exchange,
  { answer, fallback, regionUrl }: AnswerWebhooks,
): Promise<ParsedNcco> {
  const question: Payload = {
    from: leg.from,
    to: leg.to,
    uuid: leg.uuid,
    conversation_uuid: leg.conversation.id,
    endpoint_type: leg.channel.type,
    region_url: regionUrl,
  };
  const refused = (reason: string): ParsedNcco => {
    exchange.reportError(leg.conversation, reason);
    return { ok: false, reason };
  };
  if (!answer) return refused('The application has no answer URL.');
  const first = await ask('Answer URL', answer, question, leg, exchange);
  if (first.ok) return first;
  const fault = refused(first.reason);
  if (!fallback || leg.end) return fault;
  const original = { url: answer.address, type: answer.method };
  const again = { ...question, reason: first.reason, original_request: original };
  const second = await ask('Fallback URL', fallback, again, leg, exchange);
  return second.ok ? second : refused(second.reason);
}

async function ask(
  title: string,
  target: WebhookAddress,
  question: Payload,
  leg: Leg,
  exchange: Exchange,
): Promise<ParsedNcco> {
  const identity = exchange.identityOf(leg.application.id);
  const outcome = await exchange.parts.webhooks.send(target, question, identity, ANSWER_PATIENCE);
  if (!outcome.ok) return { ok: false, reason: `${title} ${target.address} ${outcome.reason}` };
  return parseNcco(outcome.body, outcome.contentType);
}
