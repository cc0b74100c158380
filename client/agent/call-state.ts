import { isRecord } from '../session/request.ts';

/** What the calls of this page are at a moment. Times are milliseconds since the epoch. */

type CallerKind = 'phone' | 'app' | 'sip' | 'websocket';

export interface Call {
  /** The leg at the platform, as `@vonage/client-sdk` names calls. */
  id: string;
  /** Who calls: digits for a phone, a name or an address otherwise; empty when the caller is unknown. */
  from: string;
  kind: CallerKind;
  /** Of a call that the agent dialled: how far it is with `from`, whom she calls. */
  progress?: DialProgress;
}

export type DialProgress = 'dialing' | 'ringing' | 'answered';

/** A call that rings, or waits to. */
export interface RingingCall extends Call {
  /** When it reached this page. */
  since: number;
}

/** Why a microphone cannot be used. */
export type MicrophoneProblem = 'refused' | 'missing' | 'busy' | 'insecure';

export type EndReason =
  | 'caller-hung-up'
  | 'you-hung-up'
  | 'you-rejected'
  | 'caller-gave-up'
  | 'answered-elsewhere'
  | 'rejected-elsewhere'
  | 'nobody-answered'
  | 'connection-lost'
  /** The caller hung up after the agent had answered, and before both could talk. */
  | 'caller-gone'
  /** The desk ended it, or passed it on, and the platform did not say so. */
  | 'over'
  /** The agent passed it on to somebody. */
  | 'transferred'
  /** The agent chose not to take calls while it rang. */
  | 'status-changed'
  /** What became of a call that the agent dialled and nobody answered. */
  | 'busy'
  | 'they-declined'
  | 'no-answer'
  | 'not-reached'
  | 'not-placed'
  | 'no-microphone';

/** How the desk says that an offer ended. */
export interface OfferEnd {
  reason: EndReason;
  /** The agent who answered instead. */
  answeredBy: string | null;
}

/** A call that a reload of the page interrupted. Times are milliseconds since the epoch. */
export interface Interruption {
  /** When the conversation began. */
  since: number;
  /** When it was cut. */
  cut: number;
  /** Until when it can be taken up again. */
  until: number;
  /** The desk's name of the call, where a desk keeps the caller company and offers the call again. */
  deskCall?: string;
}

export interface EndedCall {
  call: Call;
  reason: EndReason;
  at: number;
  /** Milliseconds that the conversation lasted; null when nobody talked. */
  talked: number | null;
  /** The agent who answered instead, where that is known. */
  answeredBy?: string | null;
}

export type Phase =
  | { name: 'idle' }
  | {
      name: 'ringing';
      call: RingingCall;
      /** Why the last attempt to answer failed. */
      microphoneError?: MicrophoneProblem;
    }
  | { name: 'joining'; call: RingingCall; interruption: Interruption | null }
  | {
      name: 'in-call';
      call: Call;
      /** When the conversation began; moved on by the time that the machine slept. */
      since: number;
      /** The last moment at which this page is known to have been running in the call. */
      alive: number;
      /** When audio was lost, while it is. */
      mediaLostAt: number | null;
      /** `lost`: its device went away; `back`: it works again since a moment. */
      microphone: 'works' | 'lost' | 'back';
      /** What the platform said last. */
      muted: boolean;
      /** What the agent asked for, until the platform confirms it. */
      mutedWanted: boolean | null;
    }
  | { name: 'rejoinable'; call: Call; interruption: Interruption; microphoneError?: MicrophoneProblem }
  /** The desk brings the caller back: nothing has to be done. */
  | { name: 'returning'; call: Call; interruption: Interruption }
  | { name: 'ended'; ended: EndedCall };

export interface CallState {
  phase: Phase;
  waiting: readonly RingingCall[];
}

export const noCalls: CallState = { phase: { name: 'idle' }, waiting: [] };

const kinds: Record<CallerKind, true> = { phone: true, app: true, sip: true, websocket: true };

/** Whether what a tab remembered is a call. */
export function isCall(value: unknown): value is Call {
  return (
    isRecord(value) &&
    typeof value.id === 'string' &&
    typeof value.from === 'string' &&
    typeof value.kind === 'string' &&
    Object.hasOwn(kinds, value.kind)
  );
}

/** The call that the page is about, or null when there is none (an ended call is none). */
export function currentCall(phase: Phase): Call | null {
  return phase.name === 'idle' || phase.name === 'ended' ? null : phase.call;
}

/** Whether a call was dialled, and nobody has answered it yet. */
export function isDialled({ progress }: Call): boolean {
  return progress !== undefined && progress !== 'answered';
}

/** Whether the agent has taken a call that is not over yet; it may be interrupted. */
export function hasTakenCall(phase: Phase): boolean {
  return isLive(phase) || phase.name === 'rejoinable' || phase.name === 'returning';
}

/** Whether the agent is in a conversation or about to be: leaving the page now would cut it. */
export function isLive(phase: Phase): boolean {
  return phase.name === 'joining' || phase.name === 'in-call';
}
