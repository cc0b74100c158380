import { z } from 'zod';
import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { Leg } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import type { IncomingCall } from '../calls/phone-book.ts';
import { answerPeer } from '../media/peer.ts';
import type { AnswerReply, CallUpdate, DialReply, EndReason, IncomingRing, Reply } from './protocol.ts';

interface PageTelephoneParts {
  exchange: Pick<Exchange, 'phones' | 'press'>;
  dial: (request: DialRequest) => DialResult;
  /** Tells the page that a call rings. */
  ring: (ring: IncomingRing) => void;
  /** Tells the page how a call goes on. */
  update: (update: CallUpdate) => void;
}

/** A page as a telephone of the network. Requests are the page's own, and may be anything. */
export interface PageTelephone {
  /** Under which it can be called; null while it cannot. */
  readonly number: string | null;
  register(request: unknown): Reply;
  dial(request: unknown): Promise<DialReply>;
  answer(request: unknown): Promise<AnswerReply>;
  reject(request: unknown): Reply;
  /** Ends a call, and rejects one that rings. */
  hangUp(request: unknown): Reply;
  press(request: unknown): Reply;
  say(request: unknown): Reply;
  /** Takes the telephone off the network, with its calls. */
  close(): void;
}

/** What a telephone may have for its own number, and what it may dial: short codes too. */
const digits = z.string().regex(/^\d{3,15}$/);
/** What endpoints of type `phone` can name. */
const callable = z.object({
  number: z
    .string()
    .regex(/^\d{7,15}$/)
    .nullable(),
});
const dialRequest = z.object({ from: z.string(), to: z.string(), offer: z.string().optional() });
const answerRequest = z.object({ uuid: z.string(), offer: z.string().optional() });
const rejection = z.object({ uuid: z.string(), busy: z.boolean().optional() });
const keys = z.object({ uuid: z.string(), digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) });
const speech = z.object({ uuid: z.string(), text: z.string().trim().min(1).max(1000) });
const which = z.object({ uuid: z.string() });

const OK: Reply = { ok: true };
const NO_SUCH_CALL: Reply = { ok: false, message: 'No such call.' };
const GONE = { ok: false, code: 'gone', message: 'The call rings here no longer.' } as const;
const BAD_MEDIA = {
  ok: false,
  code: 'bad-media',
  message: 'The sound of this browser could not be connected.',
} as const;

/** Makes a telephone; it has no number yet. One call at a time: for others it is busy. */
export function createPageTelephone({ exchange, dial, ring, update }: PageTelephoneParts): PageTelephone {
  const calls = new Map<string, Leg>();
  let incoming: IncomingCall | undefined;
  /** How many calls are on their way out. */
  let dialling = 0;
  let number: string | null = null;
  let disconnect = () => {};
  let closed = false;

  const telephone = {
    get busy() {
      return calls.size > 0 || incoming !== undefined || dialling > 0;
    },
    ring(call: IncomingCall) {
      const { leg } = call;
      incoming = call;
      call.onStopped((why) => {
        incoming = undefined;
        const reason = why === 'answered-elsewhere' ? why : reasonWhileRinging(leg.end);
        update({ uuid: leg.uuid, status: 'ended', reason });
      });
      ring({ uuid: leg.uuid, from: leg.from, to: leg.to });
    },
  };

  /** Gives the call to this phone; its page is notified of the end. */
  function keep(leg: Leg): void {
    calls.set(leg.uuid, leg);
    const tell = (end: LegEnd) => {
      calls.delete(leg.uuid);
      const message = end.because === 'application-error' ? end.text : undefined;
      update({ uuid: leg.uuid, status: 'ended', reason: reasonOf(end), ...(message && { message }) });
    };
    if (leg.end) tell(leg.end);
    else leg.observe({ ended: (_leg, end) => tell(end) });
  }

  function reject(raw: unknown): Reply {
    const request = rejection.safeParse(raw).data;
    if (!request || incoming?.leg.uuid !== request.uuid) return NO_SUCH_CALL;
    const call = incoming;
    incoming = undefined;
    call.reject(request.busy ? 'busy' : 'rejected');
    return OK;
  }

  async function placeCall(raw: unknown): Promise<DialReply> {
    const request = dialRequest.safeParse(raw).data;
    if (!request) {
      return { ok: false, code: 'internal', message: 'The phone sent an invalid request.' };
    }
    const { from, to, offer } = request;
    if (!digits.safeParse(to).success) {
      return { ok: false, code: 'bad-number', message: 'The number to dial must have 3 to 15 digits.' };
    }
    if (!digits.safeParse(from).success) {
      return { ok: false, code: 'bad-number', message: 'Your number must have 3 to 15 digits.' };
    }
    const media = await mediaOf(offer);
    if (media === 'bad') return BAD_MEDIA;
    if (closed) {
      media?.peer.close();
      return { ok: false, code: 'internal', message: 'The phone has gone.' };
    }
    const result = dial({ from, to, ...(media && { peer: media.peer }) });
    if (!result.ok) {
      media?.peer.close();
      return result;
    }
    const { leg } = result;
    const { uuid } = leg;
    calls.set(uuid, leg);
    // After the acknowledgement: the page knows the call by then.
    setImmediate(() => {
      update({ uuid, status: 'ringing' });
      leg.observe({
        answered: () => update({ uuid, status: 'answered' }),
        joined: () => update({ uuid, status: 'connected' }),
      });
      keep(leg);
    });
    return { ok: true, uuid, ...(media && { answer: media.answer }) };
  }

  return {
    get number() {
      return number;
    },
    register(request) {
      const wanted = callable.safeParse(request);
      if (!wanted.success) {
        return { ok: false, message: 'A telephone that can be called has 7 to 15 digits.' };
      }
      if (closed || wanted.data.number === number) return OK;
      disconnect();
      number = wanted.data.number;
      disconnect = number === null ? () => {} : exchange.phones.connect(number, telephone);
      return OK;
    },

    async dial(request) {
      dialling += 1;
      try {
        return await placeCall(request);
      } finally {
        dialling -= 1;
      }
    },

    async answer(raw) {
      const request = answerRequest.safeParse(raw).data;
      if (!request || incoming?.leg.uuid !== request.uuid) return GONE;
      const media = await mediaOf(request.offer);
      if (media === 'bad') return BAD_MEDIA;
      const call = incoming?.leg.uuid === request.uuid ? incoming : undefined;
      // Another phone may have answered first.
      if (!call?.answer(media && { peer: media.peer })) {
        media?.peer.close();
        return GONE;
      }
      incoming = undefined;
      keep(call.leg);
      return { ok: true, ...(media && { answer: media.answer }) };
    },

    reject,

    hangUp(request) {
      const uuid = which.safeParse(request).data?.uuid ?? '';
      const leg = calls.get(uuid);
      if (!leg) return reject({ uuid });
      leg.finish({ cause: 'hung-up-here' });
      return OK;
    },

    press(request) {
      const pressed = keys.safeParse(request).data;
      const leg = calls.get(pressed?.uuid ?? '');
      if (!leg || !pressed) return NO_SUCH_CALL;
      exchange.press(leg, pressed.digits);
      return OK;
    },

    say(request) {
      const said = speech.safeParse(request).data;
      if (!said) return { ok: false, message: 'Say 1 to 1000 characters.' };
      const leg = calls.get(said.uuid);
      if (!leg) return NO_SUCH_CALL;
      leg.say(said.text);
      return OK;
    },

    close() {
      closed = true;
      disconnect();
      const call = incoming;
      incoming = undefined;
      call?.reject('unreachable');
      for (const leg of [...calls.values()]) leg.finish({ cause: 'hung-up-here' });
    },
  };
}

/** The platform's half of the sound; undefined without an offer. */
async function mediaOf(offer: string | undefined) {
  return offer === undefined ? undefined : await answerPeer(offer).catch(() => 'bad' as const);
}

/** The end reason for a person in a call, or for a caller who was not connected. */
function reasonOf(end: LegEnd): EndReason {
  switch (end.cause) {
    case 'hung-up-here':
      return 'you-hung-up';
    case 'hung-up-there':
      return reasonThere(end.because);
    case 'length-limit':
      return 'time-limit';
    default:
      return 'failed';
  }
}

/** The call was over at the other end, which has its own story. */
function reasonThere(because: LegEnd['because']): EndReason {
  switch (because) {
    case 'application-error':
      return 'application-error';
    case 'ring-timeout':
    case 'unreachable':
      return 'nobody-answered';
    case 'rejected':
    case 'busy':
      return because;
    case 'out-of-service':
      return 'not-in-service';
    case 'failed':
    case 'no-media':
    case 'media-lost':
      return 'failed';
    default:
      return 'far-side-hung-up';
  }
}

/** The end reason for a phone whose call was not answered. */
function reasonWhileRinging(end: LegEnd | undefined): EndReason {
  switch (end?.cause) {
    case 'cancelled':
    case 'hung-up-there':
      return 'caller-gave-up';
    case 'ring-timeout':
      return 'nobody-answered';
    default:
      return 'failed';
  }
}
