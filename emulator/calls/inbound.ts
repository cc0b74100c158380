import { readNcco } from '../ncco/ncco.ts';
import type { Programs } from '../ncco/program.ts';
import { askApplication } from './ask-application.ts';
import { type Exchange, TELEPHONE_NETWORK } from './exchange.ts';
import type { Leg } from './leg.ts';

/**
 * Takes a call that comes in from a phone: asks the application what to do with it, and has that done. Another phone
 * rings without asking anyone.
 */
export async function takeInboundCall(
  leg: Leg,
  exchange: Exchange,
  programs: Programs,
  url: string,
): Promise<void> {
  leg.report('ringing');
  leg.report('started');
  const phone = { action: 'connect', endpoint: [{ type: 'phone', number: leg.to }] };
  const advice =
    leg.application === TELEPHONE_NETWORK
      ? readNcco([phone])
      : await askApplication(leg, exchange, { ...leg.application.webhooks, url });
  if (!advice.ok) {
    leg.finish({ cause: 'hung-up-there', because: 'application-error', text: advice.reason });
    return;
  }
  programs.of(leg).run(advice.actions);
}
