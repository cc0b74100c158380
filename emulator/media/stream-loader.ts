import { Agent, request } from 'undici';
import type { World } from '../world.ts';
import { type AudioDecoder, startAudioDecoder } from './audio-decoder.ts';

/** Milliseconds for the connection, and for each silence of the server. */
const PATIENCE = 5000;
/** About 90 minutes of mp3. */
const MAX_BYTES = 64 * 1024 * 1024;

export type LoadedStream = { ok: true; samples: Int16Array } | { ok: false; reason: string };

/** What a sound is for, for those who watch. */
export interface SoundUse {
  /** The name of its field or action in an NCCO, such as `stream`. */
  what: string;
  conversation: string;
  leg: string;
  application: string;
}

/** What became of the request for a sound. */
export interface SoundEnd {
  /** Null without an answer. */
  status: number | null;
  contentType: string;
  /** Why there is no sound, as a sentence goes on after the address. */
  reason?: string;
}

/** Gets each request for a sound as it begins, and by the returned function what became of it. */
export type SoundObserver = (address: string, use: SoundUse) => (end: SoundEnd) => void;

/** Gets sound files from the web, for `stream`, hold music and ringback tones. */
export interface StreamLoader {
  /** The file in 48 kHz samples, to be left unchanged. The reason follows the address in a sentence. Never rejects. */
  load(address: string, use: SoundUse): Promise<LoadedStream>;
  close(): Promise<void>;
}

/** Files kept decoded, and samples of the largest: about 40 s. Callers who wait hear the same music over and over. */
const KEPT = { files: 8, samples: 2_000_000 };

/**
 * Each file is fetched again, as Vonage does, so that a changed file is heard; decoding is done in a thread, unless the
 * file is the same as before.
 */
export function createStreamLoader(world: World, observe: SoundObserver): StreamLoader {
  const agent = new Agent({
    connect: { timeout: PATIENCE },
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
  });
  let decoder: AudioDecoder | undefined;
  const kept = new Map<string, { bytes: Uint8Array; samples: Int16Array }>();

  async function decode(address: string, bytes: Uint8Array<ArrayBuffer>): Promise<Int16Array> {
    const known = kept.get(address);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known.samples;
    if (!decoder || decoder.broken) decoder = startAudioDecoder();
    const samples = await decoder.decode(bytes);
    kept.delete(address);
    if (samples.length <= KEPT.samples) kept.set(address, { bytes, samples });
    const [oldest] = kept.keys();
    if (kept.size > KEPT.files && oldest !== undefined) kept.delete(oldest);
    return samples;
  }

  async function load(address: string, use: SoundUse): Promise<LoadedStream> {
    const ended = observe(address, use);
    const answered: SoundEnd = { status: null, contentType: '' };
    const loaded = await fetchSound(address, answered);
    ended(loaded.ok ? answered : { ...answered, reason: loaded.reason });
    return loaded;
  }

  async function fetchSound(address: string, answered: SoundEnd): Promise<LoadedStream> {
    try {
      const answer = await request(address, { dispatcher: agent });
      answered.status = answer.statusCode;
      answered.contentType = String(answer.headers['content-type'] ?? '');
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        return { ok: false, reason: `answered ${answer.statusCode}` };
      }
      const bytes = await readBounded(answer.body);
      if (!bytes) return { ok: false, reason: `is larger than ${MAX_BYTES / 1024 / 1024} MB` };
      return { ok: true, samples: await decode(address, bytes) };
    } catch (error) {
      return { ok: false, reason: describe(error) };
    }
  }

  return {
    load: (address, use) => world.trackPending(load(address, use)),
    async close() {
      await Promise.all([decoder?.close(), agent.destroy()]);
    },
  };
}

async function readBounded(stream: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BYTES) return undefined;
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'refused the connection';
  if (code === 'ENOTFOUND') return 'has a host name that does not resolve';
  if (/TIMEOUT/.test(code)) return `did not answer within ${PATIENCE} ms`;
  return error instanceof Error ? error.message : 'failed';
}
