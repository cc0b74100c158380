import type { AppPages, Exchange } from '../calls/exchange.ts';
import type { EndCause, Leg } from '../calls/leg.ts';
import { connectToApp } from './connect.ts';
import type { Action } from './ncco.ts';
import { talk } from './talk.ts';

/**
 * Carries out an NCCO on a leg, one action after the other, until the last is done or the leg is over.
 * @returns how the last connected leg ended, where there was one.
 */
export async function runNcco(
  actions: Action[],
  leg: Leg,
  exchange: Exchange,
  pages: AppPages,
): Promise<EndCause | undefined> {
  let because: EndCause | undefined;
  for (const action of actions) {
    if (leg.end) break;
    if (action.action === 'talk') await talk(action, leg, exchange.parts.speaker);
    else because = await connectToApp(action, leg, exchange, pages);
  }
  return because;
}
