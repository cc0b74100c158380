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
  readonly legs: Leg[];
  /** Number of the next event for the Client SDK: counts up within the conversation. */
  nextEventId(): number;
}

export function createConversation(
  application: Application,
  room: Room,
  world: World,
  name = `NAM-${world.uuid()}`,
): Conversation {
  let events = 0;
  return {
    id: `CON-${world.uuid()}`,
    name,
    application,
    createdAt: new Date(world.now()).toISOString(),
    room,
    legs: [],
    nextEventId() {
      events += 1;
      return events;
    },
  };
}

/** Whether somebody is still in it. */
export function isActive(conversation: Conversation): boolean {
  return conversation.legs.some((leg) => !leg.end);
}
