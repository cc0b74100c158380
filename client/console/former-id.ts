import type { FeedMessage } from '../../domain/api/console-api.ts';

/** How the id of a call begins of which only a leg is known; the rest is the leg's id. */
const LEG = 'leg:';

/**
 * The id that a call had as long as only the leg of this message was known. A call of that id is there no
 * more: it has become this one. Null where the message is of such a call itself, or of no leg.
 */
export function formerIdOf({ call, entry }: FeedMessage): string | null {
  const said: Readonly<Record<string, unknown>> = entry.type === 'event' ? entry.payload : entry.request;
  const leg = said.uuid ?? said.call_uuid;
  return typeof leg !== 'string' || call.id.startsWith(LEG) ? null : LEG + leg;
}
