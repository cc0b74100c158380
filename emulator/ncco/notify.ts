import { z } from 'zod';
import { notifyEvent } from '../webhooks/call-events.ts';
import { defineAction } from './action.ts';
import { eventFields, eventTarget, oneUrl } from './fields.ts';

const schema = z.looseObject({
  ...eventFields,
  eventUrl: oneUrl,
  payload: z.record(z.string(), z.unknown()),
});

/** `notify`: sends a payload of the application's own; it may reply with a new NCCO. */
export const notify = defineAction('notify', schema, async (action, { leg, ask }) => {
  const event = notifyEvent(leg.conversation.id, action.payload, leg.world.now());
  const next = await ask(eventTarget(action), event);
  return next && { next };
});
