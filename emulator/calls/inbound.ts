import type { WebhookAddress } from '../account.ts';
import type { Action } from '../ncco/ncco.ts';
import { parseNcco } from '../ncco/ncco.ts';
import { runNcco } from '../ncco/run.ts';
import type { Payload } from '../webhooks/request.ts';
import { ANSWER_PATIENCE } from '../webhooks/request.ts';
import type { AppPages, Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';

/** Takes a call that comes in from a phone from its first ring to its end: asks the application, does what it says. */
export async function takeInboundCall(
  leg: Leg,
  exchange: Exchange,
  pages: AppPages,
  regionUrl: string,
): Promise<void> {
  leg.report('ringing');
  leg.report('started');
  const actions = await askApplication(leg, exchange, regionUrl);
  if (!actions) {
    leg.finish({ cause: 'hung-up-there', because: 'application-error' });
    return;
  }
  const because = await runNcco(actions, leg, exchange, pages);
  leg.finish({ cause: 'hung-up-there', ...(because && { because }) });
}

/** The NCCO of the answer URL, else of the fallback URL, else undefined; the application is told each fault. */
async function askApplication(
  leg: Leg,
  exchange: Exchange,
  regionUrl: string,
): Promise<Action[] | undefined> {
  const { answer, fallback } = leg.application.webhooks;
  const question: Payload = {
    from: leg.from,
    to: leg.to,
    uuid: leg.uuid,
    conversation_uuid: leg.conversation.id,
    endpoint_type: leg.channel.type,
    region_url: regionUrl,
  };
  if (!answer) {
    exchange.reportError(leg.conversation, 'The application has no answer URL.');
    return undefined;
  }
  const first = await ask('Answer URL', answer, question, leg, exchange);
  if (first.ok) return first.actions;
  exchange.reportError(leg.conversation, first.reason);
  if (!fallback || leg.end) return undefined;
  const second = await ask(
    'Fallback URL',
    fallback,
    { ...question, reason: first.reason, original_request: { url: answer.address, type: answer.method } },
    leg,
    exchange,
  );
  if (second.ok) return second.actions;
  exchange.reportError(leg.conversation, second.reason);
  return undefined;
}

async function ask(title: string, target: WebhookAddress, question: Payload, leg: Leg, exchange: Exchange) {
  const identity = exchange.identityOf(leg.application.id);
  const outcome = await exchange.parts.webhooks.send(target, question, identity, ANSWER_PATIENCE);
  if (!outcome.ok) return { ok: false, reason: `${title} ${target.address} ${outcome.reason}` } as const;
  return parseNcco(outcome.body, outcome.contentType);
}
