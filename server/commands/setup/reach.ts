import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { FeedCheck, Heard, Reached } from '../doctor/checks.ts';

/** Milliseconds in which the server must respond. */
const PROBE_MS = 10_000;

/** The response of `GET /healthz`, which distinguishes Switchboard from other servers. */
const health = z.object({ status: z.literal('ok') });

/** Checks whether an address reaches this server. */
export async function reach(publicUrl: string): Promise<Reached> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_MS),
      // Skips the page that ngrok shows to browsers first.
      headers: { 'ngrok-skip-browser-warning': 'yes' },
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok && health.safeParse(body).success)
      return { kind: 'switchboard', feed: await checkFeed(publicUrl) };
    return { kind: 'another', status: answer.status };
  } catch (error) {
    return { kind: 'nothing', why: reasonOf(error) };
  }
}

const names = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string()));

/** Milliseconds after which a message of the feed was held back: even a slow line needs less. */
const LATE_MS = 3_000;

/** Milliseconds for which nothing follows the message of the feed, unless something held it back until the end. */
const QUIET_MS = 1_000;

/** Reads the feed of `GET /healthz/stream`. Null where the server is of a version that has none. */
async function checkFeed(publicUrl: string): Promise<FeedCheck | null> {
  const askedAt = performance.now();
  try {
    const answer = await fetch(`${publicUrl}/healthz/stream`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_MS),
      headers: {
        'ngrok-skip-browser-warning': 'yes',
        authorization: 'Bearer none',
        'last-event-id': '1',
        range: 'bytes=0-',
      },
    });
    // The feed asks for a range, which some proxies answer themselves.
    if ((answer.status !== 200 && answer.status !== 206) || answer.body === null) {
      await answer.body?.cancel();
      return answer.status === 404 ? null : { kind: 'unreadable', why: `status ${answer.status}` };
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let isOver = false;
    while (!isOver && !text.includes('\n\n')) {
      const { done, value = '' } = await reader.read();
      isOver = done;
      text += value;
    }
    const isInTime = !isOver && performance.now() - askedAt < LATE_MS;
    const isLive = isInTime && (await Promise.race([pause(QUIET_MS, true), reader.read().then(() => false)]));
    await reader.cancel();
    const headers = namesIn(text);
    return headers === undefined
      ? { kind: 'unreadable', why: 'what arrives is something else' }
      : { kind: 'read', isLive, headers };
  } catch (error) {
    return { kind: 'unreadable', why: reasonOf(error) };
  }
}

/** The names in the message of the feed. */
function namesIn(text: string): string[] | undefined {
  try {
    return names.parse(/^data:(.*)$/m.exec(text)?.[1]);
  } catch {
    return undefined;
  }
}

/** Loads the beginning of a piece of music. Servers name its type in many ways, so the content decides. */
export async function hear(url: string): Promise<Heard> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    const reader = answer.body?.getReader();
    const { value: beginning = new Uint8Array() } = (await reader?.read()) ?? {};
    await reader?.cancel();
    if (!answer.ok) return { kind: 'nothing', why: `status ${answer.status}` };
    if (isAudio(beginning)) return { kind: 'music' };
    return { kind: 'other', type: answer.headers.get('content-type') ?? 'of an unknown type' };
  } catch (error) {
    return { kind: 'nothing', why: reasonOf(error) };
  }
}

/** Whether it begins like an MP3, with or without tags, or like a WAV. */
function isAudio(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  const isFrame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;
  return text.startsWith('ID3') || isFrame || /^RIFF....WAVE/s.test(text);
}

/** The code of the innermost cause, such as ENOTFOUND or CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer in ${PROBE_MS / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
