import type { FeedMessage } from '../../domain/api/console-api.ts';
import { callNames } from '../../domain/webhooks/identity.ts';

/**
 * Ids that this call, or a part of it, had before this entry: it was known by its leg or by another of its
 * conversations. Calls of these ids are there no more: they have become this one.
 */
export function formerIdsOf({ call, entry, formerIds = [] }: FeedMessage): readonly string[] {
  return [...new Set([...callNames(entry), ...formerIds])].filter((id) => id !== call.id);
}
