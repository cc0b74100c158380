import type { Payload } from '../webhooks/webhook.ts';
import { kindOf } from '../webhooks/webhook.ts';
import type { Kind } from './entry.ts';

interface Purpose {
  kind: Kind;
  /** In the platform's own names. */
  what: string;
}

/** What a webhook is for. */
export function purposeOfWebhook(payload: Payload): Purpose {
  const what = kindOf(payload);
  return what === 'answer' || what === 'fallback' ? { kind: what, what: 'NCCO' } : { kind: 'event', what };
}

const ID = /^(?:[A-Z]{3}-)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const CLIENT_SDK = /^\/(?:v0\.[23]|v1\/emergency|v2\/rtc)\//;

/** What a request to the platform is for: the address with `{id}` for each id. @param path without a query */
export function purposeOfRequest(path: string): Purpose {
  const what = path
    .split('/')
    .map((part) => (ID.test(part) ? '{id}' : part))
    .join('/');
  if (path.startsWith('/emulator/')) return { kind: 'control', what };
  return { kind: CLIENT_SDK.test(path) ? 'client-sdk' : 'rest', what };
}

/** Whether a request is for the emulator's pages or for this log itself, and so tells nothing of an application. */
export function isOwn(method: string, path: string): boolean {
  if (method === 'OPTIONS' || /^\/emulator\/requests(?:[/.]|$)/.test(path)) return true;
  return (
    (method === 'GET' || method === 'HEAD') && /^\/(?:$|index\.html$|assets\/|inspector|favicon)/.test(path)
  );
}

/** The conversation that is named in any of these texts, the first that is. */
export function conversationIn(...texts: readonly string[]): string | null {
  for (const text of texts) {
    const [found] = /\bCON-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/.exec(text) ?? [];
    if (found) return found;
  }
  return null;
}

/** The leg that the address of a request names. */
export function legInPath(path: string): string | null {
  return /\/(?:calls|legs|rtc)\/([0-9a-f-]{32,36})(?=\/|$)/i.exec(path)?.[1] ?? null;
}
