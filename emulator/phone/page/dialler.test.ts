import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeStorage } from '../../../ui/testing.ts';
import type { Welcome } from '../protocol.ts';
import { createDialler } from './dialler.ts';
import type { Dialled } from './phone-state.ts';

const WELCOME: Welcome = { number: '442038297050', caller: '447700900000', country: 'GB' };

function setUp(remembered?: string) {
  const welcome = signal<Welcome>();
  const dialled: Dialled[] = [];
  const registered: (string | null)[] = [];
  const storage = fakeStorage(remembered === undefined ? {} : { 'your-number': remembered });
  const phone = {
    welcome,
    dial: (parties: Dialled) => void dialled.push(parties),
    register: (number: string | null) => void registered.push(number),
  };
  return { welcome, dialled, registered, storage, dialler: createDialler(phone, storage) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the dialler', () => {
  it('fills in what the emulator suggests', () => {
    const { welcome, dialler, storage } = setUp();
    expect([dialler.own.text.value, dialler.to.text.value]).toEqual(['', '']);
    welcome.value = WELCOME;
    expect(dialler.own.text.value).toBe('+44 7700 900000');
    expect(dialler.to.text.value).toBe('+44 20 3829 7050');
    expect(storage.getItem('your-number')).toBe('+44 7700 900000');
  });

  it('keeps this tab’s previous number', () => {
    const { welcome, dialler } = setUp('+1 415 555 0100');
    welcome.value = WELCOME;
    expect(dialler.own.text.value).toBe('+1 415 555 0100');
  });

  it('remembers your number as it is typed', () => {
    const { dialler, storage } = setUp();
    dialler.own.type('0771');
    expect(storage.getItem('your-number')).toBe('0771');
  });

  it('keeps numbers typed before the emulator connected', () => {
    const { welcome, dialler } = setUp();
    dialler.own.type('1');
    dialler.to.type('2');
    welcome.value = WELCOME;
    expect([dialler.own.text.value, dialler.to.text.value]).toEqual(['1', '2']);
  });

  it('follows an emulator that reconnects with another number, unless one was typed', () => {
    const { welcome, dialler } = setUp();
    welcome.value = WELCOME;
    welcome.value = { ...WELCOME, number: '14155550100', caller: '447700900009' };
    expect(dialler.to.text.value).toBe('+1 415 555 0100');
    expect(dialler.own.text.value).toBe('+44 7700 900000');
    dialler.to.type('999');
    welcome.value = WELCOME;
    expect(dialler.to.text.value).toBe('999');
  });

  it('dials digits, read by the rules of the emulator’s country', () => {
    const { welcome, dialled, dialler } = setUp();
    welcome.value = WELCOME;
    dialler.to.type('020 3829-7050');
    expect(dialler.dial()).toBeUndefined();
    expect(dialled).toEqual([{ own: '447700900000', other: '442038297050' }]);
  });

  it('shows what is wrong with each number, returns the first, and dials nothing', () => {
    const { dialled, dialler } = setUp();
    dialler.to.type('Alice');
    expect(dialler.dial()).toBe('to');
    expect(dialler.to.problem.value).toBe('not-digits');
    expect(dialler.own.problem.value).toBe('empty');
    expect(dialled).toEqual([]);
  });

  it('removes the error while the number is corrected', () => {
    const { dialler } = setUp();
    dialler.to.type('999');
    expect(dialler.dial()).toBe('own');
    dialler.own.type('4');
    expect(dialler.own.problem.value).toBeUndefined();
  });
});

describe('your number', () => {
  it('is registered as suggested or remembered, once the emulator’s country is known', () => {
    const fresh = setUp();
    const back = setUp('07700 900123');
    for (const { welcome, registered } of [fresh, back]) {
      expect(registered).toEqual([]);
      welcome.value = WELCOME;
    }
    expect(fresh.registered).toEqual(['447700900000']);
    expect(back.registered).toEqual(['447700900123']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is registered again after typing, and not on each key', () => {
    const { welcome, registered, dialler } = setUp();
    welcome.value = WELCOME;
    registered.length = 0;
    for (const text of ['+44 7700 90', '+44 7700 900', '+44 7700 900555']) {
      dialler.own.type(text);
      vi.advanceTimersByTime(599);
    }
    expect(registered).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(registered).toEqual(['447700900555']);
  });

  it('is registered immediately when its box loses focus or a call is dialled', () => {
    const { welcome, registered, dialler } = setUp();
    welcome.value = WELCOME;
    dialler.own.type('+44 7700 900555');
    dialler.own.settle();
    expect(registered.at(-1)).toBe('447700900555');
    dialler.own.type('+44 7700 900666');
    dialler.dial();
    expect(registered.at(-1)).toBe('447700900666');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gets no calls while it is invalid, and shows the error only when dialling', () => {
    const { welcome, registered, dialler } = setUp();
    welcome.value = WELCOME;
    dialler.own.type('Alice');
    dialler.own.settle();
    expect(registered.at(-1)).toBeNull();
    expect(dialler.own.problem.value).toBeUndefined();
  });
});
