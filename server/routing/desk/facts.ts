import type { AgentLegStatus, DeskFact, GuestLegStatus } from '../../../domain/desk/events.ts';
import type { AnswerRequest } from '../../../domain/webhooks/answer-request.ts';
import type { WebhookEvent } from '../../../domain/webhooks/event-kind.ts';
import { legBehind } from '../../../domain/webhooks/identity.ts';
import { readEvent } from '../../../domain/webhooks/read-event.ts';
import type { Route } from '../routing.ts';

/**
 * What a request for an NCCO means to the desk; null: nothing. Whoever is put through to a caller must name her leg, or
 * nobody could ask later whether it is still there.
 * @param ours our number that customers see who are called
 */
export function factOfRequest(
  call: AnswerRequest,
  [kind, id, turn, enqueuedAt]: Route,
  ours: string | null = null,
): DeskFact | null {
  switch (kind) {
    case 'wait':
      return id === undefined
        ? null
        : {
            kind: 'turn asked',
            call: id,
            turn: whole(turn) ?? 1,
            keys: '',
            enqueuedAt: whole(enqueuedAt),
            caller: { from: call.from ?? null, to: call.to ?? null, regionUrl: call.regionUrl ?? null },
            leg: call.uuid ?? null,
          };
    case 'menu':
      return id === undefined ? null : { kind: 'menu answered', call: id, keys: '', leg: call.uuid ?? null };
    case 'event':
    case 'offer':
    case 'voicemail':
      return null;
    case 'agent':
      return id === undefined || call.uuid === undefined
        ? null
        : { kind: 'agent answered', reservation: id, leg: call.uuid, user: call.to ?? null };
    case 'guest':
      return id === undefined || turn === undefined || call.uuid === undefined
        ? null
        : { kind: 'guest answered', call: id, guest: turn, leg: call.uuid };
    case 'next':
      return id === undefined ? null : { kind: 'next asked', call: id, leg: call.uuid ?? null };
    default:
      if (call.uuid === undefined) return null;
      return call.fromUser !== undefined
        ? {
            kind: 'agent dials',
            leg: call.uuid,
            agent: call.fromUser,
            to: call.to ?? null,
            ours,
            regionUrl: call.regionUrl ?? null,
          }
        : {
            kind: 'call arrived',
            leg: call.uuid,
            from: call.from ?? null,
            to: call.to ?? null,
            regionUrl: call.regionUrl ?? null,
          };
  }
}

/** What an event means to the desk; null: nothing. */
export function factOfEvent(event: WebhookEvent, [kind, id, turn, enqueuedAt]: Route): DeskFact | null {
  const { leg, status, detail, disconnected_by, dtmf, from, to, reason } = readEvent(event);
  const keys = dtmf?.digits ?? '';
  const failed = kind === 'event' && id === undefined && status === null ? moveIn(reason) : undefined;
  if (failed !== undefined) return { kind: 'move failed', ...failed };
  if (id === undefined) {
    return kind === 'event' && leg !== null && isOver(status)
      ? { kind: 'caller ended', call: leg, ...(disconnected_by === 'user' && { hungUp: true }) }
      : null;
  }
  switch (kind) {
    case 'wait':
      return {
        kind: 'turn asked',
        call: id,
        turn: whole(turn) ?? 1,
        keys,
        enqueuedAt: whole(enqueuedAt),
        caller: { from, to, regionUrl: null },
        leg,
      };
    case 'menu':
      return { kind: 'menu answered', call: id, keys, leg };
    // The safety tail records under the id of the call; other ids are those of voicemails.
    case 'voicemail':
      return { kind: 'message left', call: id };
    case 'offer':
      return factOfAgentLeg(id, readEvent(event));
    case 'event': {
      if (legBehind(id) !== undefined && turn === undefined) {
        const is = guestStatusOf(status, detail);
        return is === null ? null : { kind: 'customer leg', call: id, leg, is, to };
      }
      if (turn !== undefined) {
        const is = guestStatusOf(status, detail);
        return is === null ? null : { kind: 'guest leg', call: id, guest: turn, leg, is };
      }
      // An older version gave the legs of agents this address.
      return factOfAgentLeg(id, readEvent(event));
    }
    default:
      return null;
  }
}

/** The move of a call that failed, where the platform tells that it got no answer from our address for that. */
function moveIn(reason: string | null): { call: string; move: number } | undefined {
  const [, call, move] = /\/voice\/next\/([\w-]+)\/(\d{1,15})/.exec(reason ?? '') ?? [];
  return call === undefined ? undefined : { call, move: Number(move) };
}

function factOfAgentLeg(
  reservation: string,
  { status, detail, disconnected_by, leg, to }: ReturnType<typeof readEvent>,
): DeskFact | null {
  const is = statusOf(status, detail, disconnected_by);
  return is === null ? null : { kind: 'agent leg', reservation, leg, is, user: to };
}

function guestStatusOf(status: string | null, detail: string | null): GuestLegStatus | null {
  switch (status) {
    case 'started':
    case 'ringing':
    case 'busy':
      return status;
    case 'rejected':
      return 'declined';
    case 'unanswered':
      return detail === 'unavailable' ? 'unreachable' : 'no answer';
    case 'timeout':
    case 'cancelled':
      return 'no answer';
    case 'failed':
      return 'unreachable';
    case 'completed':
      return 'ended';
    default:
      return null;
  }
}

function isOver(status: string | null): boolean {
  return status === 'completed' || status === 'failed' || status === 'rejected' || status === 'cancelled';
}

function statusOf(
  status: string | null,
  detail: string | null,
  disconnectedBy: string | null,
): AgentLegStatus | null {
  switch (status) {
    case 'started':
    case 'ringing':
      return status;
    case 'rejected':
    case 'busy':
      return 'rejected';
    case 'timeout':
      return 'rang out';
    case 'unanswered':
      return detail === 'unavailable' ? 'unreachable' : 'rang out';
    case 'failed':
      return 'unreachable';
    case 'completed':
      return disconnectedBy === 'user' ? 'ended by the agent' : 'ended by the platform';
    default:
      return null;
  }
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
