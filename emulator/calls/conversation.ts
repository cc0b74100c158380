import type { Application } from '../account.ts';
import type { Room } from '../media/room.ts';
import type { World } from '../world.ts';
import type { Leg } from './leg.ts';

/** What holds the legs of a call together: one room of sound, one count of events. */
export interface Conversation {
  /** `CON-` and a UUID. */
  readonly id: string;
  readonly name: string;
  readonly application: Application;
  readonly createdAt: string;
  readonly room: Room;
  /** All that are or were in it, and were not moved away. */
  readonly legs: Leg[];
  /** Those that were moved away. */
  readonly movedOn: Leg[];
  /** Whether its members hear each other; one that has a name waits for a member who begins it. */
  readonly begun: boolean;
  begin(): void;
  /** Calls `fn` when it begins. */
  onBegun(fn: () => void): void;
  /** Aborted when it is over. */
  readonly over: AbortSignal;
  /** Nobody is in it any more. */
  close(): void;
  /** Number of the next event for the Client SDK: counts up within the conversation. */
  nextEventId(): number;
}

/** @param name how an application calls it, by the `conversation` action; an ordinary call has a name of no use. */
export function createConversation(
  application: Application,
  room: Room,
  world: World,
  name?: string,
): Conversation {
  let events = 0;
  let onBegun: (() => void)[] = [];
  const over = new AbortController();
  room.held = name !== undefined;
  return {
    id: `CON-${world.uuid()}`,
    name: name ?? `NAM-${world.uuid()}`,
    application,
    createdAt: new Date(world.now()).toISOString(),
    room,
    legs: [],
    movedOn: [],
    get begun() {
      return !room.held;
    },
    begin() {
      room.held = false;
      for (const fn of onBegun) fn();
      onBegun = [];
    },
    onBegun(fn) {
      onBegun.push(fn);
    },
    over: over.signal,
    close() {
      room.close();
      over.abort();
    },
    nextEventId() {
      events += 1;
      return events;
    },
  };
}

/** Those who are in it now. */
export function liveLegs(conversation: Conversation): Leg[] {
  return conversation.legs.filter((leg) => !leg.end);
}

/** Whether somebody is still in it. */
export function isActive(conversation: Conversation): boolean {
  return conversation.legs.some((leg) => !leg.end);
}
