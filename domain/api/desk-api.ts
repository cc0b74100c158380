import type { Control, Party } from '../desk/controls.ts';
import type {
  CallRole,
  Choice,
  ChosenStatus,
  ControlFailure,
  DeskCall,
  EndedFor,
  EndedOffer,
  Exit,
  Hears,
  Load,
  PageState,
  Stage,
  Supervision,
  Why,
  WrapUpNote,
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
  /**
   * Since when what is shown first is so: line, load, choice. Who is free has been so since the last call at the
   * latest. 0 if the agent's page was never there.
   */
  since: number;
}

export interface QueueView {
  name: string;
  waiting: number;
  /** 0 where nobody waits. */
  longestWaitSeconds: number;
  /** Whether callers can wait in it now, by its hours. */
  isOpen: boolean;
}

export interface DeskCallView {
  id: string;
  /** `outbound`: an agent dialled. Of this and of a callback, `from` is the customer, too. */
  kind: DeskCall['kind'];
  from: string | null;
  queue: string;
  /** `dialing` and `ringing`: how far a call is that an agent dialled. */
  state: Exclude<Stage, 'leaving'> | 'greeting' | 'offered' | 'recovering' | 'dialing' | 'ringing' | Exit;
  /** Who talks to the caller, or is offered the call. */
  agent: string | null;
  since: number;
  callerHears: Hears;
  /** Since when the caller is on hold; null: she is not. */
  heldSince: number | null;
  /** The caller has been on hold for 2 minutes, or for 3. */
  holdWarning: 'alert' | 'alarm' | null;
  /** Whom the agent consults, or what was transferred and to whom. */
  consult: ConsultView | null;
  transfer: { to: Party; by: string; isComingBack: boolean } | null;
  /** Everybody in the call, the caller first. A supervisor who listens in private is named to supervisors only. */
  members: readonly MemberView[];
  /** `announced`: the caller is being told that the recording begins. */
  recording: 'announced' | 'on' | null;
  /** The last control that failed after it had been accepted, in words. */
  failure: ControlFailure | null;
}

/** A second agent, or a telephone, that an agent brought into a call. */
export interface ConsultView {
  with: Party;
  by: string;
  /** `held`: the agent talks to the caller meanwhile. With the caller not on hold, `talking` is a conference. */
  state: 'calling' | 'ringing' | 'talking' | 'held';
  since: number;
}

export interface MemberView {
  as: 'caller' | 'agent' | 'guest' | 'supervisor';
  /** An agent's name, or a number; null: withheld. */
  name: string | null;
  state: 'calling' | 'ringing' | 'talking' | 'held';
  /** Of a supervisor. */
  supervision: Supervision | null;
}

/**
 * Body of `POST /api/desk/calls/{id}/control` → 200 `ControlReply`, as soon as the desk has decided: the page sees by
 * the feed when the platform has followed, or `failure`. 409 with a cause where the call is in no state for it, 403 for
 * another's call, a number that may not be dialled, or an agent without the supervisor's role, 404 for an unknown call,
 * queue, agent or phrase.
 */
export type ControlRequest = Control & { agent?: string | undefined };

/** The call after the control. */
export interface ControlReply {
  call: DeskCallView;
}

/** Body of `POST /api/desk/agents/{name}/control`, for supervisors → 200 `AgentView`. `sign out` ends every session of hers. */
export type AgentControlRequest = { agent?: string } & (
  | { action: 'choose'; choice: Choice; reason?: string | null; next?: boolean }
  | { action: 'end wrap-up' }
  | { action: 'sign out' }
);

/** `GET /api/desk/options` → 200: what the desk file allows. It changes only with the desk file. */
export interface DeskOptions {
  /** What can be said to a caller by `say`. */
  phrases: readonly { name: string; text: string }[];
  queues: readonly { name: string; mayRecord: boolean }[];
  /** What a call may come to; empty: any text. */
  outcomes: readonly string[];
  /** Whether any number may be dialled. */
  mayDial: boolean;
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
  /** The call that she is in, and as what. */
  call: (DeskCallView & { reservation: string; role: CallRole }) | null;
  wrapUp: WrapUpView | null;
  /** What became of the last offer that she did not take. */
  lastOffer: EndedOffer | null;
  /** The last control of hers that was accepted and then failed, also after she has left the call. */
  lastFailure: ControlFailure | null;
}

export interface WrapUpView {
  call: string;
  from: string | null;
  until: number;
  extended: boolean;
  /** How it ended for her. */
  ended: EndedFor;
  /** What she noted so far. */
  note: WrapUpNote | null;
}

/** A call that rings, or is about to. */
export interface OfferView {
  /** The reservation. */
  id: string;
  /** `consult`: `by` asks her, the caller is on hold. `supervise`: her own leg, to be answered at once. */
  role: CallRole;
  /** `callback`: the customer is called once she answers. */
  kind: DeskCall['kind'];
  /** The agent who consults her, or who transferred the call. */
  by: string | null;
  call: string;
  from: string | null;
  /** The number that the caller dialled. */
  to: string | null;
  queue: string;
  /** From when the caller counts as waiting: when she came, even if an agent had her meanwhile. Milliseconds since 1970. */
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
  /**
   * Of `rang`: whether the browser let the page sound, whether the tab was in sight, and whether a notification was
   * shown where nobody looked at the page.
   */
  sound?: 'played' | 'blocked';
  tab?: 'visible' | 'hidden';
  notice?: 'shown' | 'off' | undefined;
}

/**
 * Body of `POST /api/wrap-up`, answered with the `AgentView`. `extend` works once. A note may be given with each, and
 * during the call, too; what it leaves out stays as it was.
 */
export interface WrapUpRequest extends Partial<WrapUpNote> {
  agent?: string;
  does: 'end' | 'extend' | 'note';
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
  /** The call in which it was left; null where unknown. */
  call: string | null;
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
