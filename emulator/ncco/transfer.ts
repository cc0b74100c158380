import { z } from 'zod';
import { isActive, type Leg, liveLegs } from '../calls/leg.ts';
import { aborted, defineAction } from './action.ts';
import { audience, flag, listenAs } from './fields.ts';

const id = z.string().min(1);

const schema = z
  .looseObject({
    conversationId: id.optional(),
    conversation_id: id.optional(),
    ...audience,
    mute: flag.optional(),
  })
  .refine((action) => action.conversationId ?? action.conversation_id, {
    path: ['conversationId'],
    message: 'is missing',
  });

/**
 * `transfer`: moves all legs of this conversation into another one that goes on. It is the last action: the legs
 * stay there until they hang up, or nobody else is left.
 */
export const transfer = defineAction('transfer', schema, async (action, context) => {
  const { leg, services, signal } = context;
  const { exchange } = services;
  const target = exchange.conversation(action.conversationId ?? action.conversation_id ?? '');
  if (!target || target.application.id !== leg.application.id || !isActive(target)) {
    const name = action.conversationId ?? action.conversation_id;
    exchange.reportError(leg.conversation, `NCCO transfer: no active conversation "${name}"`);
    return undefined;
  }
  leg.answer();
  const moving = liveLegs(leg.conversation);
  for (const moved of moving) {
    exchange.transfer(moved, target);
    listenAs(moved, action);
  }
  for (const moved of moving) endWhenAlone(moved);
  await aborted(signal);
  return undefined;
});

/** Hangs a leg up when nobody else is left where it is now, unless it was moved on. */
function endWhenAlone(leg: Leg): void {
  const { conversation } = leg;
  const company = liveLegs(conversation).find((one) => one !== leg);
  if (!company) {
    leg.finish({ cause: 'hung-up-there' });
    return;
  }
  const lookAgain = () => {
    stopObserving();
    if (leg.conversation === conversation) endWhenAlone(leg);
  };
  const stopObserving = company.observe({ ended: lookAgain, moved: lookAgain });
}
