import type { Headers } from './entry.ts';

/** The replacement of a secret. */
const HIDDEN = '•••';

const SECRET_NAMES =
  'private_key|api_secret|apiSecret|signature_secret|client_secret|secret|new_secret|password|passwd|token|access_token|id_token|refresh_token|jwt';

/** In JSON, whole or cut off in the middle of the secret. */
const IN_JSON = new RegExp(String.raw`("(?:${SECRET_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)`, 'gi');
const IN_FORM = new RegExp(String.raw`((?:^|[?&;])(?:${SECRET_NAMES}|sig)=)[^&;#\s]*`, 'gi');
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** Any JSON Web Token, anywhere: its signature makes it a secret. */
const TOKEN = /\beyJ[\w-]*\.[\w-]+\.[\w-]+/g;

/** A text without the secrets that it holds, else as it was. */
export function redactText(text: string): string {
  return text
    .replace(PRIVATE_KEY, HIDDEN)
    .replace(IN_JSON, `$1"${HIDDEN}"`)
    .replace(IN_FORM, `$1${HIDDEN}`)
    .replace(TOKEN, HIDDEN);
}

/** An address without secrets in its query or before its host. */
export function redactUrl(url: string): string {
  return redactText(url.replace(/^(\w+:\/\/[^/@:?#]*):[^/@?#]*@/, `$1:${HIDDEN}@`));
}

/** Headers without credentials: of those only the kind is left, and of a key and its secret the key. */
export function redactHeaders(headers: Headers): Headers {
  return headers.map(([name, value]) => [name, redactHeader(name.toLowerCase(), value)]);
}

function redactHeader(name: string, value: string): string {
  switch (name) {
    case 'authorization':
    case 'proxy-authorization': {
      const [scheme = '', credentials = ''] = value.trim().split(/\s+/, 2);
      if (scheme.toLowerCase() !== 'basic') return credentials === '' ? HIDDEN : `${scheme} ${HIDDEN}`;
      return `${scheme} ${keyOfBasic(credentials)}:${HIDDEN}`;
    }
    case 'cookie':
    case 'set-cookie':
    case 'x-api-key':
      return HIDDEN;
    default:
      return redactText(value);
  }
}

/** The name in basic credentials, which is no secret. */
export function keyOfBasic(credentials: string): string {
  return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0] ?? '';
}
