import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { curlCommand, quoted } from '../../ui/curl.ts';

/**
 * A command that sends a webhook to this server once more, for a POSIX shell. It has no signature, so a server
 * that checks signatures rejects it.
 * @param base address of the server, with a slash at its end
 */
export function curlOf(entry: LogEntry, base: string): string {
  const message = entry.type === 'event' ? entry.payload : entry.request;
  const url = `${base}${entry.route.replace(/^\//, '')}`;
  if (entry.method === 'GET') {
    // Vonage puts objects into a query as JSON text.
    const query = new URLSearchParams(Object.entries(message).map(([name, value]) => [name, asText(value)]));
    return curlCommand(quoted(query.size === 0 ? url : `${url}?${query}`), []);
  }
  return curlCommand(`-X POST ${quoted(url)}`, [
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quoted(JSON.stringify(message))}`,
  ]);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
