import { z } from 'zod';
import type { EndCause } from '../calls/leg.ts';
import { ringback } from '../media/tones.ts';
import { defineAction, type Stage } from './action.ts';
import { eventFields, eventTarget, number } from './fields.ts';

const appEndpoint = z.looseObject({ type: z.literal('app'), user: z.string().min(1) });

const schema = z.looseObject({
  endpoint: z.tuple([appEndpoint], 'must hold exactly one endpoint'),
  from: z.string().optional(),
  timeout: number.int().min(1).max(7200).optional(),
  limit: number.int().min(1).max(7200).optional(),
  ...eventFields,
});

export const connect = defineAction('connect', schema, async (action, stage) => ({
  because: await connectToApp(action, stage),
}));

/** Seconds; the defaults of Vonage's documentation. */
const RING_TIMEOUT = 60;
const LENGTH_LIMIT = 7200;

/**
 * `connect` to a user of the application: rings the user's pages, lets the caller hear it ring, and joins the two.
 * Resolves when the connected leg is over, with how it ended.
 */
async function connectToApp(action: z.infer<typeof schema>, stage: Stage): Promise<EndCause> {
  const { leg: caller, services } = stage;
  const { exchange, pages } = services;
  const events = eventTarget(action);
  const [{ user }] = action.endpoint;
  const called = exchange.addLeg(
    {
      uuid: caller.world.uuid(),
      conversation: caller.conversation,
      direction: 'outbound',
      channel: { type: 'app', user },
      from: action.from ?? caller.from,
      to: user,
    },
    events ? { events } : {},
  );
  const ringing = caller.port.play(ringback(caller.to.startsWith('44') ? 'uk' : 'us'));
  let cancelTimer = caller.world.after((action.timeout ?? RING_TIMEOUT) * 1000, () =>
    called.finish({ cause: pages.wasReached(called) ? 'ring-timeout' : 'unreachable' }),
  );
  const callerGone = () =>
    called.finish({ cause: called.answeredAt === undefined ? 'cancelled' : 'hung-up-there' });
  caller.over.addEventListener('abort', callerGone);

  const ended = new Promise<EndCause>((resolve) => {
    called.observe({
      answered() {
        cancelTimer();
        cancelTimer = caller.world.after((action.limit ?? LENGTH_LIMIT) * 1000, () =>
          called.finish({ cause: 'length-limit' }),
        );
        caller.join();
      },
      media(_leg, state) {
        if (state === 'connected') ringing.stop();
      },
      ended(_leg, end) {
        cancelTimer();
        ringing.stop();
        caller.over.removeEventListener('abort', callerGone);
        resolve(end.cause);
      },
    });
  });

  called.report('started');
  const known = exchange.parts.directory.users(called.application.id).byName(user);
  if (caller.end) callerGone();
  else if (known) pages.ring(called, known);
  else {
    exchange.reportError(caller.conversation, `NCCO connect: the application has no user "${user}"`);
    called.finish({ cause: 'failed' });
  }
  return await ended;
}
