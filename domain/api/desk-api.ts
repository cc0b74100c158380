import type {
  Choice,
  ChosenStatus,
  EndedOffer,
  Exit,
  Hears,
  Load,
  PageState,
  Stage,
  Why,
} from '../desk/desk.ts';

/** What the pages and the desk say to each other: JSON over HTTP, same origin. */

/** `GET /api/desk` → 200. Times are milliseconds since 1970. */
export interface DeskView {
  agents: readonly AgentView[];
  queues: readonly QueueView[];
  /** The calls that are not over, oldest first. */
  calls: readonly DeskCallView[];
}

export interface AgentView {
  name: string;
  choice: Choice;
  reason: string | null;
  /** What she chose for after the call. */
  next: { choice: Choice; reason: string | null } | null;
  line: 'up' | 'degraded' | 'down';
  load: Load;
  /** Since when what is shown first is so: line, load, choice. */
  since: number;
}

export interface QueueView {
  name: string;
  waiting: number;
  /** 0 where nobody waits. */
  longestWaitSeconds: number;
}

export interface DeskCallView {
  id: string;
  from: string | null;
  queue: string;
  state: Exclude<Stage, 'leaving'> | 'greeting' | 'offered' | 'recovering' | Exit;
  /** Who talks to the caller, or is offered the call. */
  agent: string | null;
  since: number;
  callerHears: Hears;
}

/**
 * `GET /api/desk/feed?agent&tab`: server-sent events of the type `desk`, each with the whole of this as its data,
 * at the beginning and after each change. `agent` is named only where nobody signs in; `tab` as in presence.
 */
export interface AgentDesk {
  /** The server's time, milliseconds since 1970, to count from. */
  now: number;
  me: AgentView;
  offer: OfferView | null;
  /** The call that she is in. */
  call: (DeskCallView & { reservation: string }) | null;
  wrapUp: { call: string; from: string | null; until: number; extended: boolean } | null;
  /** What became of the last offer that she did not take. */
  lastOffer: EndedOffer | null;
}

/** A call that rings, or is about to. */
export interface OfferView {
  /** The reservation. */
  id: string;
  call: string;
  from: string | null;
  /** The number that the caller dialled. */
  to: string | null;
  queue: string;
  /** Since when the caller has waited, milliseconds since 1970. */
  waitingSince: number;
  /** When it stops ringing; null before it rings. */
  until: number | null;
  why: Why;
}

/** Body of `POST /api/presence`. `agent` is named only where nobody signs in; so it is in the other requests. */
export interface PresenceReport extends PageState {
  agent?: string;
}

/** Body of `PUT /api/choice`, answered with the `AgentView`. */
export interface ChoiceRequest extends ChosenStatus {
  agent?: string;
  /** Whether it applies only after the current call and its wrap-up. */
  next?: boolean;
}

/** Body of `POST /api/desk/report` → 204: what only the page of an agent knows of a call of the desk. */
export interface PageReport {
  agent?: string;
  /** The desk's id of the call. */
  call: string;
  /** `invited`: the platform lets it ring here. `rang`: it did. `hang-up meant`: the agent is about to hang up. */
  fact: 'invited' | 'rang' | 'hang-up meant';
  /** Of `rang`: whether the browser let the page sound, and whether the tab was in sight. */
  sound?: 'played' | 'blocked';
  tab?: 'visible' | 'hidden';
}

/** Body of `POST /api/wrap-up`, answered with the `AgentView`. */
export interface WrapUpRequest {
  agent?: string;
  does: 'end' | 'extend';
}

/** `POST /api/presence` with `PresenceReport` → 200. */
export interface PresenceReply {
  leaseSeconds: number;
  /** Whether this tab takes the agent's calls. */
  leader: boolean;
}

/**
 * `GET /api/voicemails` → 200, newest first. `PUT /api/voicemails/{id}/heard` and `DELETE /api/voicemails/{id}`
 * → 204.
 */
export interface VoicemailView {
  id: string;
  from: string | null;
  queue: string | null;
  /** Milliseconds since 1970. */
  receivedAt: number;
  seconds: number | null;
  /** Address of the recording, a WAV; null while it cannot be played. */
  audio: string | null;
  /** Whether a message was left, or may have been, that cannot be had: the caller should be called back. */
  isMissing: boolean;
  transcript: string | null;
  /** Who listened to it first. */
  heardBy: string | null;
}
