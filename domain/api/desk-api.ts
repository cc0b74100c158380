import type { Choice, Exit, Hears, Load, Stage } from '../desk/desk.ts';

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
