import type {
  AgentDesk,
  AgentView,
  ChoiceRequest,
  ControlRequest,
  OfferView,
  PageReport,
  PresenceReply,
  PresenceReport,
  WrapUpRequest,
} from '../../domain/api/desk-api.ts';
import type { EndedOffer } from '../../domain/desk/desk.ts';
import { ApiCallError, isRecord, type Request } from '../session/request.ts';

/** The desk, as an agent's page talks to it. Every promise rejects with an `ApiCallError`. */
export interface DeskApi {
  beat(report: PresenceReport): Promise<PresenceReply>;
  choose(request: ChoiceRequest): Promise<AgentView>;
  wrapUp(request: WrapUpRequest): Promise<AgentView>;
  /** Resolves when the desk has decided; rejects with the reason in words. */
  control(call: string, request: ControlRequest): Promise<void>;
  /** A call of the desk has reached this page, or rings here. */
  report(report: PageReport): Promise<void>;
  /** The agent is about to hang up on purpose. */
  hangUpMeant(request: { agent?: string; call: string }): Promise<void>;
}

/** A beat whose answer takes longer is lost: the next one is due (milliseconds). */
const BEAT_PATIENCE_MS = 3_000;

export function createDeskApi(request: Request): DeskApi {
  return {
    beat: async (body) =>
      checked(
        await request('api/presence', {
          method: 'POST',
          body,
          signal: AbortSignal.timeout(BEAT_PATIENCE_MS),
        }),
        isReply,
      ),
    choose: async (body) => checked(await request('api/choice', { method: 'PUT', body }), isAgentView),
    wrapUp: async (body) => checked(await request('api/wrap-up', { method: 'POST', body }), isAgentView),
    async control(call, body) {
      await request(`api/desk/calls/${encodeURIComponent(call)}/control`, { method: 'POST', body });
    },
    async report(body) {
      await request('api/desk/report', { method: 'POST', body });
    },
    async hangUpMeant(body) {
      const meant: PageReport = { ...body, fact: 'hang-up meant' };
      await request('api/desk/report', { method: 'POST', body: meant });
    },
  };
}

/** What a message of the desk's feed says, in this computer's time; null where it makes no sense. */
export function readAgentDesk(data: unknown, now: number): AgentDesk | null {
  try {
    const message: unknown = JSON.parse(String(data));
    return isAgentDesk(message) ? inTimeOf(message, now) : null;
  } catch {
    return null;
  }
}

/** Clocks differ: the server's times, moved so that they can be counted from here. */
function inTimeOf(desk: AgentDesk, now: number): AgentDesk {
  const ahead = now - desk.now;
  const { me, offer, call, wrapUp, lastOffer, lastFailure } = desk;
  return {
    now,
    me: { ...me, since: me.since + ahead },
    offer: offer && {
      ...offer,
      waitingSince: offer.waitingSince + ahead,
      until: offer.until === null ? null : offer.until + ahead,
    },
    call: call && {
      ...call,
      since: call.since + ahead,
      heldSince: call.heldSince === null ? null : call.heldSince + ahead,
      consult: call.consult && { ...call.consult, since: call.consult.since + ahead },
    },
    wrapUp: wrapUp && { ...wrapUp, until: wrapUp.until + ahead },
    lastOffer: lastOffer && { ...lastOffer, at: lastOffer.at + ahead },
    lastFailure: lastFailure && { ...lastFailure, at: lastFailure.at + ahead },
  };
}

function checked<T>(value: unknown, is: (value: unknown) => value is T): T {
  if (is(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The desk sent an answer that makes no sense.');
}

const textOrNull = (value: unknown) => value === null || typeof value === 'string';
const orNull = (value: unknown, is: (value: unknown) => boolean) => value === null || is(value);
const oneOf =
  (...words: string[]) =>
  (value: unknown) =>
    typeof value === 'string' && words.includes(value);
const isChoice = oneOf('available', 'away', 'offline');

function isReply(value: unknown): value is PresenceReply {
  return isRecord(value) && typeof value.leaseSeconds === 'number' && typeof value.leader === 'boolean';
}

function isAgentView(value: unknown): value is AgentView {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    isChoice(value.choice) &&
    textOrNull(value.reason) &&
    orNull(value.next, (next) => isRecord(next) && isChoice(next.choice) && textOrNull(next.reason)) &&
    typeof value.line === 'string' &&
    typeof value.load === 'string' &&
    typeof value.since === 'number'
  );
}

function isAgentDesk(value: unknown): value is AgentDesk {
  return (
    isRecord(value) &&
    typeof value.now === 'number' &&
    isAgentView(value.me) &&
    orNull(value.offer, isOffer) &&
    orNull(value.call, (call) => isCaller(call) && typeof call.id === 'string') &&
    orNull(
      value.wrapUp,
      (wrapUp) => isCaller(wrapUp) && typeof wrapUp.call === 'string' && typeof wrapUp.until === 'number',
    ) &&
    orNull(value.lastOffer, isEndedOffer)
  );
}

function isCaller(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && textOrNull(value.from);
}

function isOffer(value: unknown): value is OfferView {
  return (
    isCaller(value) &&
    typeof value.id === 'string' &&
    typeof value.call === 'string' &&
    textOrNull(value.to) &&
    typeof value.queue === 'string' &&
    typeof value.waitingSince === 'number' &&
    orNull(value.until, (until) => typeof until === 'number') &&
    isRecord(value.why) &&
    Array.isArray(value.why.candidates) &&
    Array.isArray(value.why.passedOver)
  );
}

function isEndedOffer(value: unknown): value is EndedOffer {
  return (
    isCaller(value) &&
    typeof value.reservation === 'string' &&
    typeof value.as === 'string' &&
    textOrNull(value.by) &&
    textOrNull(value.answeredBy)
  );
}
