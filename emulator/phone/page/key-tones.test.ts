import { expect, it, vi } from 'vitest';
import { createKeyTones } from './key-tones.ts';

function setUp(connected: Promise<unknown> = Promise.resolve()) {
  const log: string[] = [];
  const sounding: (() => void)[] = [];
  const voice = {
    fails: false,
    async replaceTrack(track: string) {
      if (voice.fails) throw new Error('closed');
      log.push(track);
    },
  };
  const sound = (digit: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sounding.push(resolve);
    return { track: `tones of ${digit}`, over: promise };
  };
  const press = createKeyTones(voice, 'microphone', sound, connected);
  /** Lets a tone come to its end once it sounds. */
  const end = async (index: number) => {
    await vi.waitUntil(() => sounding[index] !== undefined);
    sounding[index]?.();
  };
  return { log, sounding, voice, press, end };
}

it('replaces the microphone by the key’s tone while it sounds', async () => {
  const { log, press, end } = setUp();
  const pressed = press('5');
  await vi.waitUntil(() => log.length > 0);
  expect(log).toEqual(['tones of 5']);
  await end(0);
  await pressed;
  expect(log).toEqual(['tones of 5', 'microphone']);
});

it('sends keys one after the other, however fast they are pressed', async () => {
  const { log, sounding, press, end } = setUp();
  const pressed = Promise.all([press('1'), press('2')]);
  await vi.waitUntil(() => log.length > 0);
  expect(sounding).toHaveLength(1);
  await end(0);
  await end(1);
  await pressed;
  expect(log).toEqual(['tones of 1', 'microphone', 'tones of 2', 'microphone']);
});

it('waits until someone can hear a key', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { log, press } = setUp(promise);
  void press('5');
  await Promise.resolve();
  expect(log).toEqual([]);
  resolve();
  await vi.waitUntil(() => log.length > 0);
});

it('reports a key that was not sent, and still sends the next', async () => {
  const { log, voice, press, end } = setUp();
  voice.fails = true;
  await expect(press('1')).rejects.toThrow('closed');
  voice.fails = false;
  const pressed = press('2');
  await end(1);
  await pressed;
  expect(log).toEqual(['tones of 2', 'microphone']);
});
