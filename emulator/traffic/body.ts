import type { Body } from './entry.ts';
import { redactText } from './redact.ts';

/** Bytes of a body that are looked at, and characters that are kept of it. */
const MOST_BYTES = 256 * 1024;
const MOST_CHARACTERS = 64 * 1024;

/** Collects a body as it passes by. */
interface BodyCollector {
  add(chunk: Uint8Array): void;
  /** What has passed, without secrets; null where nothing has. */
  body(contentType: string): Body | null;
  /** What has passed, as it was, for those who look for something in it. */
  text(): string;
}

export function collectBody(): BodyCollector {
  const parts: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  const text = () => Buffer.concat(parts).toString('utf8');
  return {
    add(chunk) {
      bytes += chunk.length;
      if (kept >= MOST_BYTES) return;
      // A copy: the chunk is a part of something larger that would be kept with it.
      const part = Buffer.from(chunk.subarray(0, MOST_BYTES - kept));
      parts.push(part);
      kept += part.length;
    },
    body(contentType) {
      if (bytes === 0) return null;
      return isText(contentType) ? bodyOf(text(), bytes) : { text: null, bytes, isCut: false };
    },
    text,
  };
}

/** A text as a body, without secrets. @param bytes of the whole, where `text` is only its beginning */
export function bodyOf(text: string, bytes: number = Buffer.byteLength(text)): Body {
  const shown = redactText(text.slice(0, MOST_BYTES));
  return {
    text: shown.slice(0, MOST_CHARACTERS),
    bytes,
    isCut: shown.length > MOST_CHARACTERS || bytes > MOST_BYTES,
  };
}

/** A body without a type is taken for text: in this trade it mostly is. */
function isText(contentType: string): boolean {
  return (
    contentType === '' || /^text\/|[/+](json|xml|x-www-form-urlencoded|sdp|javascript)\b/i.test(contentType)
  );
}
