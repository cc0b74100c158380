import { replyOrFallback } from '../calls/fallback.ts';
import type { Leg } from '../calls/leg.ts';
import type { EndCause } from '../calls/leg-end.ts';
import { onVoiceOf } from '../calls/leg-sound.ts';
import { createKeyDetector } from '../media/key-detector.ts';
import type { WebhookOutcome } from '../webhooks/webhook.ts';
import { type Action, type ActionContext, aborted, type Services } from './action.ts';
import { createKeyBuffer } from './key-buffer.ts';
import { readReply } from './ncco.ts';

/**
 * Carries out an NCCO, one action after the other, until the last is done, or it is replaced, or the leg is over.
 * @returns how the last leg ended that this one was connected to.
 */
export async function carryOut(
  actions: Action[],
  leg: Leg,
  services: Services,
  signal: AbortSignal,
): Promise<EndCause | undefined> {
  const keys = createKeyBuffer();
  const stopKeeping = leg.observe({
    pressed: (_leg, digits) => keys.press(digits),
    said: (_leg, text) => keys.say(text),
  });
  const stopListening = onVoiceOf(
    leg,
    createKeyDetector((key) => leg.press(key)),
  );
  const { exchange } = services;
  const nccoIn = (reply: WebhookOutcome | undefined) => {
    const read = readReply(reply);
    if (read?.ok) return read.actions;
    if (read) exchange.reportError(leg.conversation, read.reason);
    return undefined;
  };
  const context: ActionContext = {
    leg,
    services,
    signal,
    keys,
    nccoIn,
    async ask(own, payload) {
      const target = own ?? leg.application.webhooks.event;
      if (!target) return undefined;
      const told = exchange.tell(leg.conversation, target, payload);
      return nccoIn(await replyOrFallback(told, { target, payload }, leg.conversation, exchange));
    },
  };
  let because: EndCause | undefined;
  let left = actions;
  for (let [action, ...rest] = left; action && !signal.aborted; [action, ...rest] = left) {
    const outcome = await Promise.race([action.run(context), aborted(signal)]);
    because = outcome?.because ?? because;
    left = outcome?.next ?? rest;
  }
  stopKeeping();
  stopListening();
  return because;
}
