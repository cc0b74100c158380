import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../clock.ts';
import { openStore } from '../store/store.ts';
import { tables } from '../tables.ts';
import { emptyFolder } from '../testing.ts';
import { createKeeper } from './keeper.ts';
import { noteVoicemails } from './note.ts';
import { createVoicemails } from './voicemails.ts';

/** A busy machine may take its time. */
const patient = { timeout: 30_000 };

it(
  'the page of a proxy in the place of a recording is not kept, and the recording is fetched later',
  patient,
  async () => {
    const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
    onTestFinished(() => store.close());
    let now = 1_000;
    const timers: (() => void)[] = [];
    const clock: Clock = {
      now: () => now,
      after(_ms, fn) {
        timers.push(fn);
        return () => void timers.splice(timers.indexOf(fn), 1);
      },
      during: (work) => work,
    };
    const url = 'https://api.nexmo.com/v1/files/1';
    const recorded = { kind: 'recorded', id: 'm', url, seconds: 3, conversation: null } as const;
    await store.write((transaction) => noteVoicemails(transaction, [recorded], now));
    let file = '<!doctype html><title>Please sign in</title>';
    const printed: string[] = [];
    const folder = emptyFolder();
    const keeper = createKeeper({
      store,
      clock,
      fetch: async () => Buffer.from(file),
      folder,
      log: (line) => printed.push(line),
    });
    onTestFinished(() => keeper.close());
    const voicemails = createVoicemails(store, folder, clock.now);
    const audio = async () => (await voicemails.list('all')).map((message) => message.audio);
    keeper.wake();
    await expect.poll(() => timers.length, patient).toBe(1);
    expect(await audio()).toEqual([null]);
    expect(printed).toEqual(['A voicemail cannot be fetched yet: what came is no sound.']);
    file = 'RIFF, and what cannot be read';
    now += 60_000;
    timers[0]?.();
    await expect.poll(audio, patient).toEqual(['/api/voicemails/m/audio']);
    expect(readFileSync(join(folder, 'm.wav'), 'utf8')).toBe(file);
  },
);

it('no recording is left of a message that is deleted while it is fetched', patient, async () => {
  const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
  onTestFinished(() => store.close());
  const recorded = {
    kind: 'recorded',
    id: 'm',
    url: 'https://api.nexmo.com/v1/files/1',
    seconds: 3,
    conversation: null,
  };
  await store.write((transaction) => noteVoicemails(transaction, [{ ...recorded, kind: 'recorded' }], 1_000));
  const folder = emptyFolder();
  const voicemails = createVoicemails(store, folder, () => 1_000);
  const resting = Promise.withResolvers<void>();
  const keeper = createKeeper({
    store,
    clock: {
      now: () => 1_000,
      after() {
        resting.resolve();
        return () => {};
      },
      during: (work) => work,
    },
    async fetch() {
      await voicemails.remove('m', 'all');
      return Buffer.from('RIFF, and what cannot be read');
    },
    folder,
    log: () => {},
  });
  onTestFinished(() => keeper.close());
  keeper.wake();
  await resting.promise;
  expect(readdirSync(folder)).toEqual([]);
});
