import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageState } from '../../domain/desk/desk.ts';
import { createPresence, type Presence } from './presence.ts';

const READY: PageState = { tab: 'a', line: 'up', sound: 'on', microphone: 'ready' };

const page = signal<PageState | null>(READY);
let presence: Presence;
let beats: PageState[];
/** What the server answers; null: nothing. */
let leader: boolean | null;

beforeEach(async () => {
  vi.useFakeTimers();
  page.value = READY;
  beats = [];
  leader = true;
  presence = createPresence({
    page,
    async beat(state) {
      beats.push(state);
      if (leader === null) {
        throw new Error('No answer.');
      }
      return { leader, leaseSeconds: 9 };
    },
    every(ms, run) {
      const timer = setInterval(run, ms);
      return () => clearInterval(timer);
    },
  });
  await pass();
});

afterEach(() => {
  presence.close();
  vi.useRealTimers();
});

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const state = () => presence.state.value;

describe('a page at a desk', () => {
  it('beats at once, then every three seconds, and leads', async () => {
    expect([beats.length, state()]).toEqual([1, 'leads']);
    await pass(9_000);
    expect(beats.length).toBe(4);
  });

  it('tells at once what changes, and nothing when nothing does', async () => {
    page.value = { ...READY, microphone: 'none' };
    await pass();
    expect(beats.at(-1)).toEqual({ ...READY, microphone: 'none' });
    page.value = { ...READY, microphone: 'none' };
    await pass();
    expect(beats.length).toBe(2);
  });

  it('tells what changed while a beat was under way after that beat', async () => {
    page.value = { ...READY, line: 'down' };
    page.value = READY;
    await pass();
    expect(beats.map(({ line }) => line)).toEqual(['up', 'down', 'up']);
  });

  it('leads until its lease ends, although the server does not answer, and again when it does', async () => {
    leader = null;
    await pass(8_999);
    expect(state()).toBe('leads');
    await pass(1);
    expect(state()).toBe('silent');
    leader = true;
    await pass(1_000);
    expect(state()).toBe('leads');
  });

  it('does not lead after another page was chosen', async () => {
    leader = false;
    await pass(3_000);
    expect(state()).toBe('passed-over');
    await pass(7_000);
    expect(state()).toBe('elsewhere');
    await pass(20_000);
    expect(state()).toBe('elsewhere');
    leader = true;
    await pass(3_000);
    expect(state()).toBe('leads');
  });

  it('says that its line is down when it stops taking calls, and then nothing', async () => {
    page.value = null;
    expect(beats.at(-1)).toEqual({ ...READY, line: 'down' });
    expect(state()).toBe('unknown');
    await pass(10_000);
    expect([beats.length, state()]).toEqual([2, 'unknown']);
  });
});

it('knows nothing of a server that never answered, but that it is silent', async () => {
  presence.close();
  leader = null;
  presence = createPresence({
    page,
    beat: () => Promise.reject(new Error('No answer.')),
    every: () => () => {},
  });
  expect(state()).toBe('unknown');
  await pass();
  expect(state()).toBe('silent');
});
