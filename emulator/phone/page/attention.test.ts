import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { drawAttention } from './attention.ts';
import type { Call } from './phone-state.ts';

const parties = { own: '447700900000', other: '442038297050' };
const incoming = (uuid: string): Call => ({ phase: 'incoming', uuid, parties });
const idle: Call = { phase: 'idle' };

function setUp() {
  const call = signal(idle);
  const log: string[] = [];
  const during = (what: string) => {
    log.push(what);
    return () => void log.push(`no ${what}`);
  };
  const end = drawAttention(call, { ring: () => during('ring'), flash: ({ uuid }) => during(uuid) });
  return { call, log, end };
}

it('rings and flashes until the call is answered', () => {
  const { call, log } = setUp();
  call.value = incoming('a');
  expect(log).toEqual(['ring', 'a']);
  call.value = { phase: 'answering', uuid: 'a', attempt: 1, parties, listening: false };
  expect(log.slice(2)).toEqual(['no ring', 'no a']);
});

it('does not restart for the same call, but does for the next', () => {
  const { call, log } = setUp();
  call.value = incoming('a');
  call.value = { ...incoming('a') };
  expect(log).toEqual(['ring', 'a']);
  call.value = incoming('b');
  expect(log.slice(2)).toEqual(['no ring', 'no a', 'ring', 'b']);
});

it('stops with the page', () => {
  const { call, log, end } = setUp();
  call.value = incoming('a');
  end();
  expect(log.slice(2)).toEqual(['no ring', 'no a']);
  call.value = idle;
  call.value = incoming('b');
  expect(log).toHaveLength(4);
});
