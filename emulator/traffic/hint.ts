import type { Hint, Kind, Proof, ProofFault } from './entry.ts';
import { type HintCode, hintWords } from './hint-words.ts';
import { missingClaims } from './token.ts';

/** A hint with its words in English. */
export function hint(code: HintCode, values: Record<string, string> = {}): Hint {
  return { code, values, text: hintWords[code](values) };
}

/** Milliseconds after which a caller notices the wait for an answer URL. */
const NOTICED_MS = 1500;

export interface AnsweredWebhook {
  kind: Kind;
  method: string;
  url: string;
  status: number;
  contentType: string;
  location: string;
  body: string;
  /** Milliseconds. */
  took: number;
  /** Returns what is wrong with an NCCO, if anything. */
  nccoFault: (body: string, contentType: string) => string | undefined;
}

/** What to change in an application that answered a webhook like this; null if nothing. */
export function hintOfAnswer(answer: AnsweredWebhook): Hint | null {
  const { kind, method, status, contentType, location, body, took, nccoFault } = answer;
  if (status < 200 || status > 205) return hintOfStatus(status, method, answer.url, location);
  const wantsNcco = kind === 'answer' || kind === 'fallback';
  if (wantsNcco && looksLikeHtml(contentType, body)) return hint('html');
  if (wantsNcco && !/^application\/json\b/i.test(contentType)) return hint('not-json', { type: contentType });
  if (wantsNcco || body.trimStart().startsWith('[')) {
    const reason = nccoFault(body, contentType);
    if (reason !== undefined) return hint('ncco', { reason });
  }
  if (wantsNcco && /^\s*\[\s*\]\s*$/.test(body)) return hint('empty-ncco');
  return wantsNcco && took >= NOTICED_MS ? hint('slow', { seconds: (took / 1000).toFixed(1) }) : null;
}

function hintOfStatus(status: number, method: string, url: string, location: string): Hint {
  const path = URL.parse(url)?.pathname ?? url;
  if (status >= 300 && status < 400) return hint('redirected', { location });
  if (status === 404) return hint('no-route', { method, path });
  if (status === 405) return hint('wrong-method', { method, path });
  if (status === 401 || status === 403) return hint('signature-refused', { status: String(status) });
  if (status >= 500) return hint('server-failed', { status: String(status) });
  return hint('webhook-refused', { status: String(status) });
}

function looksLikeHtml(contentType: string, body: string): boolean {
  return /^text\/html\b/i.test(contentType) || /^\s*<(?:!doctype html|html)/i.test(body);
}

/** What to change if there was no complete answer. @param code the error's code in Node or undici */
export function hintOfError(url: string, code: string, reason: string): Hint {
  const parsed = URL.parse(url);
  const host = parsed?.host ?? url;
  const port = parsed?.port || (parsed?.protocol === 'https:' ? '443' : '80');
  switch (code) {
    case 'ECONNREFUSED':
      return hint('refused', { host, port });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return hint('unknown-host', { host: parsed?.hostname ?? host });
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return hint('connect-timeout', { host });
    case 'TimeoutError':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return hint('answer-timeout');
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return hint('reset');
    case 'BodyTooLarge':
      return hint('too-large');
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return hint('not-tls', { host });
    default:
      if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code)) return hint('certificate', { host });
      return hint('no-answer', { reason });
  }
}

export interface RefusedRequest {
  method: string;
  path: string;
  status: number;
  /** The platform's response. */
  body: string;
  proof: Proof;
  /** Whether the platform has such a route. */
  isRouted: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** What a client of the platform should change; null if nothing. */
export function hintOfRefusal(request: RefusedRequest): Hint | null {
  const { method, path, status, body, proof, isRouted, now } = request;
  if (status < 400) return null;
  const detail = sentence(detailOf(body) || String(status));
  if (status === 404) return isRouted ? hint('not-found', { detail }) : hint('no-address', { method, path });
  if (status === 429) return hint('too-many');
  if (status === 500) return hint('platform-failed');
  if (!path.startsWith('/emulator/') && (status === 401 || status === 403)) {
    return hintOfProof(proof, path, now);
  }
  return hint('rejected', { detail });
}

/** APIs that need the API key and secret, not a token. */
const WITH_KEY = /^\/(?:v2\/applications|account|number|accounts)\b/;

function hintOfProof(proof: Proof, path: string, now: number): Hint {
  if (proof.type === 'key') return hint('basic-refused', { key: proof.key });
  if (WITH_KEY.test(path)) return hint('basic-needed');
  if (proof.type === 'none') return hint('unsigned');
  return hintOfToken(proof.fault ?? 'not-allowed', proof.claims, now);
}

/** What to change in a rejected token. @param now milliseconds since 1970 */
export function hintOfToken(fault: ProofFault, claims: Record<string, unknown>, now: number): Hint {
  const application = String(claims.application_id ?? '');
  switch (fault) {
    case 'not-a-token':
      return hint('not-a-token');
    case 'claims-missing':
      return hint('claims-missing', { claims: missingClaims(claims).join(', ') });
    case 'unknown-application':
      return hint('unknown-application', { application });
    case 'wrong-key':
      return hint('wrong-key', { application });
    case 'expired':
      return hint('token-expired', { ago: spanOf(now - Number(claims.exp) * 1000) });
    case 'not-allowed':
      return hint('token-not-allowed');
  }
}

function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** The text with a full stop, unless it ends a sentence already. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The message of an error of Vonage's APIs, in any of their formats. */
function detailOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return '';
    const fields = new Map(Object.entries(value));
    for (const name of ['detail', 'error_title', 'error-code-label', 'title', 'error', 'message']) {
      const text: unknown = fields.get(name);
      if (typeof text === 'string' && text !== '') return text;
    }
    return '';
  } catch {
    return '';
  }
}
