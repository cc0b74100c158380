import { curlCommand, quoted } from '../../ui/curl.ts';
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

/**
 * A command for a POSIX shell that sends the same request, with variables where secrets were: all that it needs to be
 * complete.
 */
export function curlOf({ method, url, request }: Entry): { command: string; variables: string[] } {
  const options: string[] = [];
  const variables = new Set<string>();

  /** One word of the shell, with a variable where a part is hidden. */
  function quotedWith(text: string, variable: string): string {
    const parts = text.split(HIDDEN);
    if (parts.length > 1) variables.add(variable);
    return parts.map((part) => (part === '' ? '' : quoted(part))).join(`"$${variable}"`);
  }

  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower) || lower.startsWith('sec-')) continue;
    const [, key] = lower === 'authorization' ? (/^basic (.*):/i.exec(value) ?? []) : [];
    if (key !== undefined) options.push(`-u ${quotedWith(`${key}:${HIDDEN}`, 'API_SECRET')}`);
    else
      options.push(`-H ${quotedWith(`${name}: ${value}`, lower === 'authorization' ? 'TOKEN' : 'SECRET')}`);
  }
  if (typeof request.body?.text === 'string')
    options.push(`--data-raw ${quotedWith(request.body.text, 'SECRET')}`);
  const note = request.body?.isCut ? '# The body was longer: its end is missing.\n' : '';
  const begin = methodOption(method, request.body !== null) + quotedWith(url, 'TOKEN');
  return { command: note + curlCommand(begin, options), variables: [...variables] };
}

function methodOption(method: string, hasBody: boolean): string {
  if (method === 'HEAD') return '--head ';
  return method === (hasBody ? 'POST' : 'GET') ? '' : `-X ${method} `;
}
