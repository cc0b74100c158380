import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hookOfVoicemail } from '../../domain/hooks/hook.ts';
import type { Clock } from '../clock.ts';
import { queueHooks } from '../hooks/queue.ts';
import type { HookSender } from '../hooks/sender.ts';
import type { Store } from '../store/store.ts';
import { UnusableRecording } from '../vonage/vonage.ts';
import { isSound, isSpoken } from './loudness.ts';
import type { VoicemailRow } from './tables.ts';

/**
 * What fetches a recording, or its transcript: undefined if the platform no longer has it. Rejects if it cannot be
 * fetched now, with an UnusableRecording if it never can.
 */
export type FetchRecording = (url: string) => Promise<Buffer | undefined>;

interface KeeperOptions {
  store: Store;
  clock: Clock;
  fetch: FetchRecording;
  /** Where recordings are kept. */
  folder: string;
  log: (line: string) => void;
  /** For whom hooks are queued, and who sends them. */
  hooks?: Pick<HookSender, 'receivers' | 'wake'> | undefined;
}

/** Fetches recordings as soon as the platform has them, and keeps them. */
export interface Keeper {
  /** A recording may have come. */
  wake(): void;
  close(): Promise<void>;
}

/** Milliseconds until a recording is tried again, by the number of failed tries; the last one for all others. */
const RETRY_MS = [1_000, 3_000, 10_000, 30_000, 120_000, 600_000] as const;
/** Milliseconds for which a recording is tried: the platform keeps it for 30 days. */
const GIVE_UP_MS = 29 * 86_400_000;
/** Milliseconds after which a recording that the platform does not have is not to come any more. */
const THERE_BY_MS = 600_000;
/** Longest time in milliseconds until a transcript is tried again. */
const TRANSCRIPT_RETRY_MS = 600_000;
/** Milliseconds between two looks for recordings that another server left. */
const LOOK_MS = 60_000;

export function createKeeper({ store, clock, fetch, folder, log, hooks }: KeeperOptions): Keeper {
  let cancelTimer: (() => void) | undefined;
  let working: Promise<void> | undefined;
  let awoken = false;
  let closed = false;

  function wake(): void {
    awoken = true;
    if (closed) return;
    working ??= clock.during(work()).finally(() => {
      working = undefined;
      if (awoken) wake();
    });
  }

  async function work(): Promise<void> {
    awoken = false;
    let next = clock.now() + LOOK_MS;
    try {
      for (const row of await due()) {
        if (closed) return;
        await (row.state === 'offered' ? settle(row, { state: 'missing' }) : keep(row));
      }
      for (const row of await transcriptsDue()) {
        if (closed) return;
        await transcribe(row);
      }
      next = Math.min(next, (await nextDue()) ?? Infinity);
    } catch {
      // The store logs its own failure.
    }
    cancelTimer?.();
    if (!closed) cancelTimer = clock.after(Math.max(1, next - clock.now()), wake);
  }

  async function keep(row: VoicemailRow): Promise<void> {
    const { id, url, attempts, offered_at } = row;
    try {
      const audio = url === null ? undefined : await fetch(url);
      if (audio === undefined) {
        // It may not be there yet.
        if (clock.now() - (row.received_at ?? offered_at) < THERE_BY_MS) return await later(row);
        await settle(row, { state: 'missing' });
        return;
      }
      // Perhaps the words of a proxy: it is tried again, rather than listed as a message that nobody can play.
      if (!isSound(audio)) throw new Error('what came is no sound');
      if (!isSpoken(audio)) {
        await settle(row, { state: 'empty' });
        return;
      }
      await write(folder, `${id}.wav`, audio);
      await settleKept(row);
    } catch (error) {
      if (error instanceof UnusableRecording) {
        log(`A voicemail cannot be kept: ${error.message}. It is listed as not received: call back.`);
        await settle(row, { state: 'missing' });
        return;
      }
      if (clock.now() - offered_at > GIVE_UP_MS) {
        await settle(row, { state: 'missing' });
        return;
      }
      if (attempts === 0) log(`A voicemail cannot be fetched yet: ${messageOf(error)}.`);
      await later(row);
    }
  }

  /** A transcript is a help: without it, the message can still be listened to. */
  async function transcribe(row: VoicemailRow): Promise<void> {
    const { transcript_url: url, transcript_told_at: toldAt } = row;
    const age = clock.now() - (toldAt ?? 0);
    const again = { transcript_due_at: clock.now() + Math.min(RETRY_MS[0] + age, TRANSCRIPT_RETRY_MS) };
    try {
      const file = url === null ? undefined : await fetch(url);
      if (file !== undefined) {
        await settle(row, { transcript: textOf(file), transcript_due_at: null });
      } else await settle(row, age < THERE_BY_MS ? again : { transcript_due_at: null });
    } catch (error) {
      const isUseless = error instanceof UnusableRecording || age > GIVE_UP_MS;
      if (isUseless) log(`A transcript of a voicemail cannot be had: ${messageOf(error)}.`);
      await settle(row, isUseless ? { transcript_due_at: null } : again);
    }
  }

  function transcriptsDue(): Promise<VoicemailRow[]> {
    return store.read((db) =>
      db
        .selectFrom('voicemails')
        .selectAll()
        .where('transcript_due_at', '<=', clock.now())
        .orderBy('transcript_due_at')
        .limit(20)
        .execute(),
    );
  }

  function later(row: VoicemailRow): Promise<void> {
    const { attempts } = row;
    const ms = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] ?? LOOK_MS;
    return settle(row, { attempts: attempts + 1, due_at: clock.now() + ms });
  }

  async function settle({ id }: VoicemailRow, change: Partial<VoicemailRow>): Promise<void> {
    await store.write((transaction) =>
      transaction.updateTable('voicemails').set(change).where('id', '=', id).execute(),
    );
  }

  async function settleKept({ id, call, queue, from_party: from, seconds }: VoicemailRow): Promise<void> {
    const now = clock.now();
    await store.write(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('voicemails')
        .set({ state: 'kept' })
        .where('id', '=', id)
        .where('state', '=', 'recorded')
        .executeTakeFirst();
      if (numUpdatedRows === 0n) {
        // Another server may have been quicker, or the message was deleted while it was fetched.
        const row = await transaction
          .selectFrom('voicemails')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst();
        if (row === undefined) await rm(join(folder, `${id}.wav`), { force: true });
        return;
      }
      const hook = hookOfVoicemail({ id, call, from, queue, seconds }, now);
      await queueHooks(store.engine, transaction, hooks?.receivers ?? [], [hook], now);
    });
    hooks?.wake();
  }

  function due(): Promise<VoicemailRow[]> {
    return store.read((db) =>
      db
        .selectFrom('voicemails')
        .selectAll()
        .where('state', 'in', ['offered', 'recorded'])
        .where('due_at', '<=', clock.now())
        .orderBy('due_at')
        .limit(20)
        .execute(),
    );
  }

  async function nextDue(): Promise<number | undefined> {
    return store.read(async (db) => {
      const recording = await db
        .selectFrom('voicemails')
        .select('due_at')
        .where('state', 'in', ['offered', 'recorded'])
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      const transcript = await db
        .selectFrom('voicemails')
        .select('transcript_due_at')
        .where('transcript_due_at', 'is not', null)
        .orderBy('transcript_due_at')
        .limit(1)
        .executeTakeFirst();
      const due = [recording?.due_at, transcript?.transcript_due_at].filter((at) => at != null);
      return due.length === 0 ? undefined : Math.min(...due);
    });
  }

  return {
    wake,
    async close() {
      closed = true;
      cancelTimer?.();
      await working;
    },
  };
}

/** A transcript as Vonage keeps it: sentences by channel. */
const transcription = z.object({
  channels: z.array(z.object({ transcript: z.array(z.object({ sentence: z.string() })) })),
});
/** Longest transcript that is kept, in characters: two minutes of speech have about 2,000. */
const LONGEST_TRANSCRIPT = 20_000;

/** What was said, as one text; null if nobody spoke. Throws an UnusableRecording if it is something else. */
function textOf(file: Buffer): string | null {
  const read = transcription.safeParse(jsonOf(file.toString()));
  if (!read.success) throw new UnusableRecording('it is not in the form that Vonage documents');
  const sentences = read.data.channels.flatMap(({ transcript }) =>
    transcript.map(({ sentence }) => sentence),
  );
  const text = sentences.join(' ').trim().slice(0, LONGEST_TRANSCRIPT).toWellFormed();
  return text === '' ? null : text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Writes a file that is there whole, or not at all. */
async function write(folder: string, name: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `${name}.${randomUUID()}`);
  const file = await open(partial, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, join(folder, name)).catch(async (error: unknown) => {
    await rm(partial, { force: true });
    throw error;
  });
}
