import { z } from 'zod';
import { type Endpoint, endpoint } from '../calls/endpoint.ts';
import { replyOrFallback } from '../calls/fallback.ts';
import type { Leg, LegObserver } from '../calls/leg.ts';
import type { EndCause } from '../calls/leg-end.ts';
import { advancedDetection, callOut, detectionBehavior, detectionOf } from '../calls/outbound.ts';
import { samplesSource } from '../media/source.ts';
import { keyTones, ringback } from '../media/tones.ts';
import type { LegStatus } from '../webhooks/call-events.ts';
import type { WebhookOutcome } from '../webhooks/webhook.ts';
import { type ActionContext, defineAction } from './action.ts';
import { eventFields, eventTarget, flag, numeric, webUrl } from './fields.ts';
import { loadSound } from './play.ts';

/** Seconds; the defaults of Vonage's documentation. */
const RING_TIMEOUT = 60;
const LENGTH_LIMIT = 7200;

const schema = z
  .looseObject({
    endpoint: z.tuple([endpoint], 'must hold exactly one endpoint'),
    from: z.string().optional(),
    randomFromNumber: flag.optional(),
    eventType: z.literal('synchronous').optional(),
    timeout: numeric(z.int().min(1).max(7200)).optional(),
    limit: numeric(z.int().min(1).max(LENGTH_LIMIT)).optional(),
    machineDetection: detectionBehavior.optional(),
    // Vonage's SDKs write it in either way.
    advancedMachineDetection: advancedDetection.optional(),
    advanced_machine_detection: advancedDetection.optional(),
    ringbackTone: webUrl.optional(),
    ...eventFields,
  })
  .refine((action) => action.from === undefined || !action.randomFromNumber, {
    path: ['randomFromNumber'],
    message: 'must not be used together with from',
  });

type Settings = z.infer<typeof schema>;

const TOO_MANY = 'NCCO connect: more than 3 calls a second; this call was not made';

/** Statuses that a synchronous event URL may answer with a new NCCO (Vonage's NCCO reference, connect). */
const ANSWERABLE: ReadonlySet<LegStatus> = new Set([
  'timeout',
  'failed',
  'rejected',
  'unanswered',
  'busy',
  'disconnected',
]);

/**
 * Ends of a called leg after which the NCCO goes on although the two were joined: Vonage says so of a socket that the
 * program closes (webhook reference, "Disconnected"), and a machine was never whom the caller wanted.
 */
const GOES_ON: ReadonlySet<EndCause> = new Set(['disconnected', 'machine']);

/**
 * `connect`: calls an endpoint, lets the leg hear it ring, and joins the two. When one of them hangs up, the call is
 * over. Without an answer the NCCO goes on; where the action is synchronous, with what the application replied.
 */
export const connect = defineAction('connect', schema, async (action, context) => {
  const { leg: caller, services, signal } = context;
  const { exchange, limits, pages } = services;
  const [target] = action.endpoint;
  if (!limits.take(caller.application.id, 'call', target.type).ok) {
    exchange.reportError(caller.conversation, TOO_MANY);
    return { because: 'failed' };
  }
  const ringing = new AbortController();
  const replies: Promise<WebhookOutcome | undefined>[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<EndCause>();
  const events = eventTarget(action);

  let isJoined = false;
  const observer: LegObserver = {
    answered(called) {
      const joining = join(called, target, context).then((done) => {
        isJoined = done;
        // Where there is sound to come, it rings until then.
        if (done && called.peer?.state !== 'connecting') ringing.abort();
      });
      joining.catch((error: unknown) => exchange.fail(called, error));
    },
    media(_called, state) {
      if (isJoined && state === 'connected') ringing.abort();
    },
    ended({ answeredAt, conversation }, { cause }) {
      ringing.abort();
      // Whoever was taken elsewhere has left this caller, and what happens there does not end the call here.
      if (answeredAt === undefined || conversation === caller.conversation) end(cause);
    },
  };
  void ring(action, context, ringing.signal);
  const called = callOut(
    {
      endpoint: target,
      from: callerId(action, context),
      conversation: caller.conversation,
      hops: caller.hops,
      ringing: action.timeout ?? RING_TIMEOUT,
      limit: action.limit ?? LENGTH_LIMIT,
      detection: detectionOf(
        action.machineDetection,
        action.advancedMachineDetection ?? action.advanced_machine_detection,
      ),
      reports: {
        ...(events && { events }),
        onReply(status, told, event) {
          if (action.eventType && ANSWERABLE.has(status))
            replies.push(replyOrFallback(told, event, caller.conversation, exchange));
        },
      },
      observer,
    },
    exchange,
    pages,
  );
  const leave = () => letGo(called, caller);
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  const because = await ended;
  signal.removeEventListener('abort', leave);
  const next = (await Promise.all(replies)).map(context.nccoIn).find((ncco) => ncco !== undefined);
  if (next) return { because, next };
  return isJoined && !GOES_ON.has(because) ? { because, next: [] } : { because };
});

/** The caller is gone, or does something else now. The called party stays if it was moved elsewhere. */
function letGo(called: Leg, caller: Leg): void {
  if (called.answeredAt === undefined) called.finish({ cause: 'cancelled' });
  else if (caller.end && called.conversation === caller.conversation)
    called.finish({ cause: 'hung-up-there' });
}

/** Lets the caller hear it ring; a socket does not ring. */
async function ring(action: Settings, context: ActionContext, over: AbortSignal): Promise<void> {
  const { leg: caller, services } = context;
  const [target] = action.endpoint;
  if (target.type === 'websocket') return;
  const address = action.ringbackTone ?? toneOf(target);
  const own = address === undefined ? undefined : await loadSound(address, 'ringbackTone', context);
  if (over.aborted || caller.end) return;
  if (own && !own.ok)
    services.exchange.reportError(caller.conversation, `Ringback tone ${address} ${own.reason}`);
  const playing = caller.port.play(
    own?.ok
      ? samplesSource(own.samples, { loop: 0 })
      : ringback((caller.dialled?.to ?? caller.to).startsWith('44') ? 'uk' : 'us'),
    { hears: 'ringback', ...(own?.ok && address !== undefined && { url: address }) },
  );
  over.addEventListener('abort', () => playing.stop());
}

/** A tone that the endpoint brings along with what who answers hears first. */
function toneOf(target: Endpoint): string | undefined {
  return target.type === 'phone' ? (target.onAnswer?.ringbackTone ?? target.onAnswer?.ringback) : undefined;
}

/** Gives the called leg what is for it alone, then brings both together; false when that is not to be any more. */
async function join(called: Leg, target: Endpoint, context: ActionContext): Promise<boolean> {
  if (target.type === 'phone') {
    if (target.dtmfAnswer) await called.port.play(keyTones(target.dtmfAnswer), { hears: 'tone' }).ended;
    if (target.onAnswer) await runAlone(called, target.onAnswer.url, context);
  }
  if (called.end || called.conversation !== context.leg.conversation) return false;
  context.leg.join();
  return true;
}

/**
 * Carries out an NCCO of the called leg's own, before the two are joined (endpoint field `onAnswer`).
 * An address that answers none is told, and passed over.
 */
async function runAlone(called: Leg, address: string, context: ActionContext): Promise<void> {
  const { programs } = context.services;
  const { port } = called;
  // From the answer on: nobody is heard while the application is asked.
  port.canHear = new Set();
  port.canSpeak = new Set();
  await programs.runAt({ address, method: 'GET' }, called);
  port.canHear = undefined;
  port.canSpeak = undefined;
}

/** The caller ID that the called party sees. */
function callerId({ from, randomFromNumber }: Settings, { leg, services }: ActionContext): string | null {
  const random = randomFromNumber ? services.exchange.randomNumber(leg.application) : undefined;
  return random ?? from ?? leg.from ?? (leg.channel.type === 'app' ? leg.channel.user : null);
}
