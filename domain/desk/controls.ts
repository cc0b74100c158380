import type { Explained } from './causes.ts';

/** What agents and supervisors do in a call. */

/** Another agent, or a telephone: E.164, with or without `+`. */
export type Party = { agent: string } | { number: string } | { queue: string };

/** A party that can be talked to. */
export type Person = Exclude<Party, { queue: string }>;

/** How a supervisor is in a call: hears all · is heard by the agent alone · is heard by all. */
export type SupervisionMode = 'listen' | 'whisper' | 'barge';

export type Control =
  /** The caller hears music. With a second person in the call, the agent and that person go on without the caller. */
  | { action: 'hold' }
  | { action: 'resume' }
  /** Blind: the agent leaves at once. */
  | { action: 'transfer'; to: Party }
  /** The caller is put on hold while the agent talks to somebody. */
  | { action: 'consult'; to: Person }
  /** The agent goes back to the caller while the other is on hold, and the other way round. */
  | { action: 'swap' }
  /** All three talk. */
  | { action: 'merge' }
  /** The agent leaves; the caller and the other talk. */
  | { action: 'complete' }
  /** The other is hung up. The caller stays where she is. */
  | { action: 'cancel' }
  /** Speaks a phrase of the desk file to the caller. */
  | { action: 'say'; phrase: string }
  /** The caller is told before it begins. */
  | { action: 'record'; on: boolean }
  /** Supervisor: joins the call with a leg of her own, or changes the mode. `private`: the agent is not told. */
  | { action: 'supervise'; mode: SupervisionMode; private?: boolean | undefined }
  /** Supervisor: leaves the call, which goes on. */
  | { action: 'leave' }
  /** Supervisor: ends the call. */
  | { action: 'end' }
  /** Supervisor: a caller who waits goes to another queue, or to the head of her own. */
  | { action: 'move'; to: { queue: string } | 'front' };

/** Why a control is refused, and as which status of HTTP. */
export interface Refusal extends Explained {
  status: 403 | 404 | 409;
}

/** What fails after it was accepted. */
export type FailedAction = 'hold' | 'resume' | 'transfer' | 'consult' | 'say' | 'supervise' | 'swap' | 'dial';
