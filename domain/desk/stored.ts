import type { Agent, DeskCall, Reservation } from './desk.ts';
import { PLAIN_RESERVATION, UNTOUCHED_CALL } from './desk.ts';

/*
 * The state of the desk as it is read from the store, where an older version may have written it. A field that was
 * added later needs a default here: without one, this file does not compile.
 */

/** @property First fields that every version stored. Do not add to them: older states would lack the new one. */
type Stored<State, First extends keyof State> = Pick<State, First> & Partial<State>;

type StoredAgent = Stored<
  Agent,
  | 'name'
  | 'chosen'
  | 'chosenAt'
  | 'next'
  | 'page'
  | 'pageUntil'
  | 'lineSince'
  | 'idleSince'
  | 'unanswered'
  | 'lastOffer'
>;

type StoredCall = Stored<
  DeskCall,
  | 'id'
  | 'kind'
  | 'leg'
  | 'failedTries'
  | 'notBefore'
  | 'from'
  | 'to'
  | 'regionUrl'
  | 'queue'
  | 'stage'
  | 'since'
  | 'enteredAt'
  | 'enqueuedAt'
  | 'heardAt'
  | 'turn'
  | 'turnBy'
  | 'told'
  | 'refusedBy'
  | 'keptFor'
  | 'reservation'
  | 'answeredAt'
  | 'hears'
  | 'exit'
  | 'endedBy'
  | 'voicemail'
>;

type StoredReservation = Stored<
  Reservation,
  | 'id'
  | 'call'
  | 'agent'
  | 'state'
  | 'since'
  | 'createdAt'
  | 'leg'
  | 'rescindedBy'
  | 'why'
  | 'until'
  | 'extended'
  | 'lookedAt'
  | 'connectedAt'
>;

/** @param state JSON */
export function readAgent(state: string): Agent {
  const stored: StoredAgent = JSON.parse(state);
  return { lastFailure: null, feedAt: null, ...stored };
}

/** @param state JSON */
export function readCall(state: string): DeskCall {
  const stored: StoredCall = JSON.parse(state);
  return { ...UNTOUCHED_CALL, waitingSince: stored.enqueuedAt, ...stored };
}

/** @param state JSON */
export function readReservation(state: string): Reservation {
  const stored: StoredReservation = JSON.parse(state);
  return { ...PLAIN_RESERVATION, ...stored };
}
