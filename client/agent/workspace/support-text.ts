import type { LogEntry } from '../event-log.ts';

/** The log as text for a support request: times in UTC, phone numbers cut down to their last three digits. */
export function supportText(
  entries: readonly Pick<LogEntry, 'at' | 'text'>[],
  facts: readonly string[],
): string {
  const lines = entries.map((entry) => `${new Date(entry.at).toISOString()} ${entry.text}`);
  return [...facts, ...lines].map(hideNumbers).join('\n');
}

/** A text with its ids (UUIDs) shortened; a reader can still tell them apart. */
export function shortenIds(text: string): string {
  return text.replace(/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '$1…');
}

/** A phone number begins with +, or stands alone: the digits inside an id are no number, nor are those of a date. */
function hideNumbers(text: string): string {
  const international = text.replace(
    /\+\d[\d ().-]{5,}\d/g,
    (number) => `…${number.replace(/\D/g, '').slice(-3)}`,
  );
  return international.replace(
    /(?<![\w.:-])\+?\d(?: ?\d){5,14}(?![\w:-]|\.\d)/g,
    (number) => `…${number.slice(-3)}`,
  );
}
