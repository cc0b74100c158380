import type { FeedMessage } from '../../domain/api/console-api.ts';
import { callNames } from '../../domain/webhooks/identity.ts';

/**
 * Ids that this call, or a part of it, may have had before this entry: its leg, or another of its conversations.
 * Calls of these ids are there no more: they have become this one.
 */
export function formerIdsOf({ call, entry }: FeedMessage): readonly string[] {
  return [...callNames(entry), ...call.aliases].filter((id) => id !== call.id);
}
