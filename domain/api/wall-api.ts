import type { DeskCall } from '../desk/desk.ts';
import type { FigureCall } from '../desk/figures.ts';
import type { AgentView, DeskCallView, MemberView, QueueView } from './desk-api.ts';

/** What the supervisor's wall and the server say to each other. Times are milliseconds since 1970. */

/**
 * `GET /api/wall/feed`: server-sent events of the type `wall`, each with the whole of this as its data, at the beginning
 * and after each change.
 */
export interface WallView {
  /** The server's time, to count from. */
  now: number;
  agents: readonly AgentView[];
  queues: readonly WallQueue[];
  /** The calls that are not over: those who wait in the order in which they are served, then the others. */
  calls: readonly WallCall[];
  /** Messages that nobody listened to. */
  voicemails: { unheard: number; oldest: number | null };
}

export interface WallQueue extends Pick<QueueView, 'name' | 'waiting'> {
  /** Who may be rung for it. */
  agents: readonly string[];
  /** Agents who could be rung now. */
  ready: number;
  /** Callers who asked to be called back. */
  callbacks: number;
  /** Since when the caller waits who has waited longest; null: nobody waits. */
  waitingSince: number | null;
  /** Seconds after which callers leave the queue. */
  longestWaitSeconds: number;
  /**
   * Since when the queue is open and has no agent who is there and available, free or busy; 0: it has no agents
   * at all; null: somebody is there.
   */
  unattendedSince: number | null;
}

export interface WallCall
  extends Pick<
    DeskCallView,
    'id' | 'from' | 'queue' | 'state' | 'agent' | 'since' | 'callerHears' | 'heldSince' | 'holdWarning'
  > {
  kind: DeskCall['kind'];
  /** From when the caller counts as waiting: when she came, even if an agent had her meanwhile. */
  waitingSince: number;
  /** 1 is next in the queue; null: does not wait. */
  place: number | null;
  supervisors: readonly MemberView[];
}

/** `GET /api/figures/calls?figure&from&to` → 200, newest first. */
export interface FigureCalls {
  calls: readonly FigureCall[];
  /** How many there are; not all of very many are listed. */
  total: number;
}
