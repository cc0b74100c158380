import { STATUS_CODES } from 'node:http';
import type { Entry, Headers, Message } from './entry.ts';

/** Entries as an HTTP archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), oldest first. */
export function harOf(entries: readonly Entry[]) {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Vonage emulator', version: '1' },
      entries: entries
        .toSorted((one, other) => one.startedAt - other.startedAt || one.id - other.id)
        .map(harEntry),
    },
  };
}

function harEntry(entry: Entry) {
  const { took, hint, error, attempt, direction, kind, what } = entry;
  const time = took ?? 0;
  const notes = [
    `${direction === 'out' ? 'sent' : 'got'}: ${kind} ${what}`,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(error ? [error] : []),
    ...(hint ? [hint.text] : []),
  ];
  return {
    startedDateTime: new Date(entry.startedAt).toISOString(),
    time,
    request: harRequest(entry),
    response: harResponse(entry),
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    comment: notes.join('; '),
    _id: entry.id,
    ...(entry.call !== null && { _call: entry.call }),
  };
}

function harRequest({ method, url, request }: Entry) {
  const query = URL.parse(url)?.searchParams ?? [];
  return {
    method,
    url,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: harHeaders(request.headers),
    queryString: [...query].map(([name, value]) => ({ name, value })),
    ...(request.body && { postData: { mimeType: typeOf(request), text: request.body.text ?? '' } }),
    headersSize: -1,
    bodySize: request.body?.bytes ?? 0,
  };
}

/** Where no answer came, browsers write the status 0. */
function harResponse({ status, response, error }: Entry) {
  const body = response?.body;
  return {
    status: status ?? 0,
    statusText: STATUS_CODES[status ?? 0] ?? '',
    httpVersion: status === null ? '' : 'HTTP/1.1',
    cookies: [],
    headers: harHeaders(response?.headers ?? []),
    content: {
      size: body?.bytes ?? 0,
      mimeType: response ? typeOf(response) : 'x-unknown',
      ...(typeof body?.text === 'string' && { text: body.text }),
    },
    redirectURL: response ? headerOf(response, 'location') : '',
    headersSize: -1,
    bodySize: body?.bytes ?? (status === null ? -1 : 0),
    ...(error !== null && { _error: error }),
  };
}

function harHeaders(headers: Headers) {
  return headers.map(([name, value]) => ({ name, value }));
}

function typeOf(message: Message): string {
  return headerOf(message, 'content-type') || 'application/octet-stream';
}

function headerOf({ headers }: Message, wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}
