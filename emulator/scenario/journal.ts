import type { SentWebhook } from '../webhooks/tap.ts';
import type { Payload } from '../webhooks/webhook.ts';
import { isEvent } from '../webhooks/webhook.ts';

/** What became of one leg, by its events in the order in which they were sent. */
export interface LegRecord {
  /** The other end: a number or a user. */
  readonly name: string;
  readonly direction: string;
  readonly events: string[];
  /** Seconds that its `completed` told. */
  duration?: number;
}

/** Who was in a call, and what was told of it. */
export interface Journal {
  add(webhook: SentWebhook): void;
  /** The legs of the call that began with this one, by their ids; those that met it in a conversation too. */
  legsOf(uuid: string): ReadonlyMap<string, LegRecord>;
  /** Reasons of error events. */
  readonly errors: readonly string[];
  /** How many events of each kind there were. */
  readonly counts: ReadonlyMap<string, number>;
}

export function createJournal(): Journal {
  const legs = new Map<string, LegRecord>();
  /** Who was in a conversation, and where a leg was. */
  const members = new Map<string, Set<string>>();
  const places = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const errors: string[] = [];

  function place(uuid: string, conversation: unknown): void {
    if (typeof conversation !== 'string') return;
    addTo(members, conversation, uuid);
    addTo(places, uuid, conversation);
  }

  return {
    errors,
    counts,
    add({ kind, payload }) {
      if (!isEvent(payload)) return;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (kind === 'error') errors.push(String(payload.reason));
      const uuid = legOf(payload);
      if (uuid === undefined) return;
      place(uuid, payload.conversation_uuid ?? payload.conversation_uuid_to);
      const leg = legs.get(uuid) ?? newRecord(payload);
      legs.set(uuid, leg);
      leg.events.push(kind);
      if (kind === 'completed') leg.duration = Number(payload.duration);
    },
    legsOf(uuid) {
      const met = [...(places.get(uuid) ?? [])].flatMap((conversation) => [
        ...(members.get(conversation) ?? []),
      ]);
      return new Map(
        [...new Set([uuid, ...met])].flatMap((id) => {
          const leg = legs.get(id);
          return leg ? [[id, leg]] : [];
        }),
      );
    },
  };
}

/** The leg of an event; machine events name it `call_uuid`. */
function legOf({ uuid, call_uuid: other }: Payload): string | undefined {
  const id = uuid ?? other;
  return typeof id === 'string' ? id : undefined;
}

function newRecord({ direction, from, to }: Payload): LegRecord {
  const name = direction === 'inbound' ? from : to;
  return { name: String(name ?? ''), direction: String(direction ?? ''), events: [] };
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}
