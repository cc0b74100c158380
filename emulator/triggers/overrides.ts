import type { Payload } from '../webhooks/webhook.ts';

/**
 * Puts `a.b=value` settings into a payload. A value is JSON where it can be read as such, else a text; where it
 * replaces a text it stays one, because Vonage writes many numbers as texts (`duration: "12"`).
 * Throws, in words, for a setting that cannot be read.
 */
export function withOverrides(payload: Payload, settings: readonly string[]): Payload {
  const changed: Payload = structuredClone(payload);
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const path = setting.slice(0, at).split('.');
    if (at < 1 || path.includes('')) throw new Error(`--set takes name=value or a.b=value, not "${setting}"`);
    put(changed, path, setting.slice(at + 1));
  }
  return changed;
}

const NEVER = new Set(['__proto__', 'constructor', 'prototype']);

function put(target: Payload, [name = '', ...rest]: string[], text: string): void {
  if (NEVER.has(name)) throw new Error(`--set cannot set "${name}"`);
  const present = target[name];
  if (rest.length === 0) {
    target[name] = typeof present === 'string' ? asText(text) : asValue(text);
    return;
  }
  const inner: Payload = typeof present === 'object' && present !== null ? { ...present } : {};
  target[name] = inner;
  put(inner, rest, text);
}

function asValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Null and a JSON text are what they say; all else is the text itself. */
function asText(text: string): string | null {
  const value = asValue(text);
  return value === null || typeof value === 'string' ? value : text;
}
