import type { Entry } from '../traffic/entry.ts';

/** What curl sets by itself, or what only holds for one connection. */
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'connection',
  'accept-encoding',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
]);

/** What stands for a secret in the log. */
const HIDDEN = '•••';

/** A command for a POSIX shell that sends the same request, with variables where secrets were. */
export function curlOf({ method, url, request }: Entry): string {
  const lines = [`curl${methodOption(method, request.body !== null)} ${quoted(url, 'TOKEN')}`];
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower) || lower.startsWith('sec-')) continue;
    const [, key] = lower === 'authorization' ? (/^basic (.*):/i.exec(value) ?? []) : [];
    if (key !== undefined) lines.push(`-u ${quoted(`${key}:${HIDDEN}`, 'API_SECRET')}`);
    else lines.push(`-H ${quoted(`${name}: ${value}`, lower === 'authorization' ? 'TOKEN' : 'SECRET')}`);
  }
  if (typeof request.body?.text === 'string') lines.push(`--data-raw ${quoted(request.body.text, 'SECRET')}`);
  const note = request.body?.isCut ? '# The body was longer: its end is missing.\n' : '';
  return note + lines.join(' \\\n  ');
}

function methodOption(method: string, hasBody: boolean): string {
  if (method === 'HEAD') return ' --head';
  return method === (hasBody ? 'POST' : 'GET') ? '' : ` -X ${method}`;
}

/** One word of the shell; hidden parts become a variable. */
function quoted(text: string, variable: string): string {
  return text
    .split(HIDDEN)
    .map((part) => (part === '' ? '' : `'${part.replaceAll("'", String.raw`'\''`)}'`))
    .join(`"$${variable}"`);
}
