import { STATUS_CODES } from 'node:http';
import type { CallDetail, CallExport } from '../../domain/api/console-api.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import type { SentExchange } from '../routing/desk/effects.ts';

export const EXPORTS: readonly CallExport[] = ['har', 'json'];

/** A call with all that is known of it. */
export interface ExportedCall extends Pick<CallDetail, 'call' | 'entries'> {
  /** What the desk did with it, and what it asked of the platform. */
  desk: readonly DeskEvent[];
  requests: readonly SentExchange[];
}

/** A file name with the date and the caller's last digits: `call-2026-11-29T14-20-05Z-0000.har`. */
export function exportName(
  { call, entries }: Pick<ExportedCall, 'call' | 'entries'>,
  format: CallExport,
): string {
  const at = call.startedAt ?? entries[0]?.receivedAt ?? 0;
  const time = new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  const digits = call.from?.replaceAll(/\D/g, '').slice(-LAST_DIGITS);
  return `call-${time}${digits ? `-${digits}` : ''}.${format}`;
}

/** As many as tell callers apart, and too few to call them. */
const LAST_DIGITS = 4;

/** A call as JSON, without secrets. */
export function jsonOfCall({ call, entries, desk, requests }: ExportedCall): unknown {
  const cleaned = requests.map(({ answer, ...request }) => ({
    ...request,
    answer: answer && { ...answer, text: textWithoutSecrets(answer.text) },
  }));
  return withoutSecrets({ call, entries, desk, requests: cleaned });
}

/**
 * A call as an HTTP archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), without secrets: webhooks with our
 * replies, and the desk's requests with the platform's answers. Headers are not stored, so there are hardly any.
 * @param base address of this server, without a slash at its end
 */
export function harOfCall({ entries, requests }: ExportedCall, base: string) {
  const all = [...entries.map((entry) => harOfWebhook(entry, base)), ...requests.map(harOfRequest)];
  return {
    log: {
      version: '1.2',
      creator: { name: 'Switchboard', version: '1' },
      entries: all.sort((a, b) => a.startedDateTime.localeCompare(b.startedDateTime)),
    },
  };
}

function harOfWebhook(entry: LogEntry, base: string) {
  const message = entry.type === 'event' ? entry.payload : entry.request;
  const url = new URL(entry.route, base);
  if (entry.method === 'GET') {
    for (const [name, value] of Object.entries(message))
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const notes = [
    `received: ${entry.type}`,
    ...(entry.replayed ? ['replayed'] : []),
    ...(entry.repeats === null ? [] : [`repeats entry ${entry.repeats}`]),
  ];
  const answer = {
    status: entry.reply.status,
    text: entry.reply.ncco === undefined ? '' : jsonText(entry.reply.ncco),
  };
  const body = entry.method === 'GET' ? undefined : message;
  return harEntry({ at: entry.receivedAt, took: entry.took, method: entry.method, url, body, answer, notes });
}

function harOfRequest({ at, took, method, url, body, answer }: SentExchange) {
  const text = answer === null ? '' : textWithoutSecrets(answer.text);
  const notes = ['sent', ...(answer === null ? ['no answer'] : [])];
  return harEntry({
    at,
    took,
    method,
    url: new URL(url),
    body,
    answer: answer && { ...answer, text },
    notes,
  });
}

interface Exchanged {
  at: number;
  took: number;
  method: string;
  url: URL;
  body: unknown;
  answer: { status: number; text: string } | null;
  notes: readonly string[];
}

function harEntry({ at, took, method, url, body, answer, notes }: Exchanged) {
  const address = new URL(urlWithoutSecrets(url));
  const posted = body === undefined ? null : jsonText(body);
  const headers = (text: string) =>
    text === '' ? [] : [{ name: 'content-type', value: 'application/json' }];
  const text = answer?.text ?? '';
  return {
    startedDateTime: new Date(at).toISOString(),
    time: took,
    request: {
      method,
      url: address.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headers(posted ?? ''),
      queryString: [...address.searchParams].map(([name, value]) => ({ name, value })),
      ...(posted !== null && { postData: { mimeType: 'application/json', text: posted } }),
      headersSize: -1,
      bodySize: Buffer.byteLength(posted ?? ''),
    },
    // Where no answer came, browsers write the status 0.
    response: {
      status: answer?.status ?? 0,
      statusText: STATUS_CODES[answer?.status ?? 0] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headers(text),
      content: { size: Buffer.byteLength(text), mimeType: text === '' ? '' : 'application/json', text },
      redirectURL: '',
      headersSize: -1,
      bodySize: Buffer.byteLength(text),
    },
    cache: {},
    timings: { send: 0, wait: took, receive: 0 },
    comment: notes.join('; '),
  };
}

const REMOVED = 'removed';

/** Names of fields and parameters whose values nobody else may have. */
const SECRET =
  /^(?:authorization|proxy-authorization|cookie|jwt|(?:[\w-]*[_-])?(?:token|secret|password)|api_?key|private_?key|sig|signature)$/i;
/** A JSON Web Token, wherever it stands. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

function jsonText(value: unknown): string {
  return JSON.stringify(withoutSecrets(value));
}

/** Recursive: the depth of what webhooks bring was bounded when they were accepted. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return stringWithoutSecrets(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? REMOVED : withoutSecrets(inner)]),
  );
}

function stringWithoutSecrets(text: string): string {
  const url = /^(?:https?|wss?):\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null) return text.replace(JWT, REMOVED);
  const clean = urlWithoutSecrets(url);
  return clean === url.href ? text : clean;
}

function urlWithoutSecrets(given: URL): string {
  const url = new URL(given);
  if (url.username !== '') url.username = REMOVED;
  if (url.password !== '') url.password = REMOVED;
  for (const [name, value] of [...url.searchParams]) {
    if (SECRET.test(name)) url.searchParams.set(name, REMOVED);
    else if (value.search(JWT) >= 0) url.searchParams.set(name, value.replace(JWT, REMOVED));
  }
  return url.href;
}

/** An answer is mostly JSON. */
function textWithoutSecrets(text: string): string {
  try {
    return jsonText(JSON.parse(text));
  } catch {
    return text.replace(JWT, REMOVED);
  }
}
