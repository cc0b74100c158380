// @vitest-environment happy-dom
import { type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeStorage } from '../../../../ui/testing.ts';
import { createDialler } from '../dialler.ts';
import { fakeAudios, fakeLine } from '../fakes.ts';
import { createPhone } from '../phone.ts';
import { App } from './app.tsx';

let line: ReturnType<typeof fakeLine>;
let audios: ReturnType<typeof fakeAudios>;
let blocked: Signal<boolean>;
let page: HTMLElement;

beforeEach(() => {
  line = fakeLine();
  audios = fakeAudios();
  const phone = createPhone({ openLine: line.open, openAudio: audios.open, now: () => Date.now() });
  page = document.body.appendChild(document.createElement('div'));
  blocked = signal(false);
  const dialler = createDialler(phone, fakeStorage());
  render(<App phone={phone} dialler={dialler} ringer={{ blocked }} theme={signal('system')} />, page);
});
afterEach(() => {
  render(null, page);
  page.remove();
  vi.useRealTimers();
});

/** What assistive technology calls a control. */
function nameOf(control: Element): string {
  const label = page.querySelector(`label[for="${control.id}"]`) ?? control;
  const clone = document.createElement('div');
  clone.append(label.cloneNode(true));
  for (const hidden of clone.querySelectorAll('[aria-hidden]')) hidden.remove();
  return clone.textContent.trim();
}

function buttons(name: RegExp): HTMLButtonElement[] {
  return [...page.querySelectorAll('button')].filter((button) => name.test(nameOf(button)));
}

function button(name: string): HTMLButtonElement {
  const found = buttons(new RegExp(`^${name.replace(/[*]/g, '\\*')}$`))[0];
  if (found === undefined) throw new Error(`There is no button ${name}`);
  return found;
}

function box(name: string): HTMLInputElement {
  const found = [...page.querySelectorAll('input')].find((input) => nameOf(input) === name);
  if (found === undefined) throw new Error(`There is no text box ${name}`);
  return found;
}

const status = () => page.querySelector('[role="status"]')?.textContent;
const statusIs = (words: string) => vi.waitFor(() => expect(status()).toBe(words));

function type(into: HTMLInputElement, text: string): void {
  into.value = text;
  into.dispatchEvent(new Event('input', { bubbles: true }));
}

function press(key: string, modifiers: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...modifiers }));
}

async function ready(): Promise<void> {
  line.welcome();
  await statusIs('Ready to call');
}

async function ring(): Promise<void> {
  await ready();
  button('Call').click();
  await vi.waitUntil(() => line.dialled.length > 0);
  line.dialled[0]?.reply({ ok: true, uuid: 'call-1', answer: 'answer' });
  await statusIs('Ringing +44 20 3829 7050');
}

async function talk(): Promise<void> {
  await ring();
  line.update({ uuid: 'call-1', status: 'answered' });
  await statusIs('Connected to +44 20 3829 7050');
  line.update({ uuid: 'call-1', status: 'connected' });
  await statusIs('In call with +44 20 3829 7050');
}

describe('the phone', () => {
  it('has one status, and waits for the emulator before it can be used', async () => {
    expect(page.querySelectorAll('[role="status"], output')).toHaveLength(1);
    expect(page.querySelector('[role="status"]')?.getAttribute('aria-label')).toBe('Phone status');
    expect(page.querySelector('.choice')?.textContent).toMatch(/^Appearance/);
    expect(status()).toBe('Connecting to the emulator…');
    expect(button('Call').disabled).toBe(true);
    await ready();
    expect(button('Call').disabled).toBe(false);
  });

  it('fills in the numbers', async () => {
    await ready();
    expect(box('Your number').value).toBe('+44 7700 900000');
    expect(box('Number to dial').value).toBe('+44 20 3829 7050');
  });

  it('dials, and then shows Hang up instead of the form', async () => {
    await ready();
    button('Call').click();
    await statusIs('Dialling +44 20 3829 7050…');
    expect(buttons(/call/i)).toEqual([]);
    expect(page.querySelectorAll('input[type="tel"]')).toHaveLength(0);
    button('Hang up').click();
    await statusIs('Call ended: you hung up');
    expect(buttons(/call/i).map(nameOf)).toEqual(['Call']);
    expect(buttons(/hang up/i)).toEqual([]);
  });

  it('shows what is wrong with a number, and moves the focus there', async () => {
    await ready();
    type(box('Number to dial'), 'Alice');
    button('Call').click();
    await vi.waitUntil(() => box('Number to dial').getAttribute('aria-invalid') === 'true');
    const problem = document.getElementById(box('Number to dial').getAttribute('aria-describedby') ?? '');
    expect(problem?.textContent).toMatch(/digits only/);
    expect(document.activeElement).toBe(box('Number to dial'));
    expect(box('Your number').getAttribute('aria-invalid')).toBe('false');
    expect(status()).toBe('Ready to call');
  });

  it('returns the focus to where the call was dialled', async () => {
    await ready();
    box('Number to dial').focus();
    box('Number to dial').form?.requestSubmit();
    await vi.waitUntil(() => buttons(/Hang up/).length === 1);
    expect(document.activeElement?.contains(button('Hang up'))).toBe(true);
    expect(document.activeElement).not.toBe(button('Hang up'));
    button('Hang up').click();
    await statusIs('Call ended: you hung up');
    expect(document.activeElement).toBe(box('Number to dial'));
  });

  it('says that a number is not in service', async () => {
    await ready();
    button('Call').click();
    await vi.waitUntil(() => line.dialled.length > 0);
    line.dialled[0]?.reply({ ok: false, code: 'unknown-number', message: 'Not in service.' });
    await statusIs('The number +44 20 3829 7050 is not in service');
  });
});

async function ringHere(from: string | null = '442038297050'): Promise<void> {
  line.ring('call-9', from);
  await vi.waitUntil(() => buttons(/^Answer$/).length > 0);
}

const alert = () => page.querySelector('[role="alert"]')?.textContent;

describe('the registration', () => {
  it('is shown at your number and describes it', async () => {
    await ready();
    const hint = () =>
      document.getElementById(box('Your number').getAttribute('aria-describedby') ?? '')?.textContent;
    await vi.waitFor(() => expect(hint()).toBe('Ringing here for calls to +44 7700 900000'));
    type(box('Your number'), 'Alice');
    box('Your number').dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitFor(() => expect(hint()).toMatch(/^No calls ring here/));
    expect(line.registered).toEqual(['447700900000', null]);
    line.drop();
    await vi.waitFor(() => expect(hint()).toBe(''));
  });
});

describe('an incoming call', () => {
  it('is announced once, with the caller', async () => {
    await ready();
    expect(alert()).toBe('');
    await ringHere();
    await statusIs('Incoming call from +44 20 3829 7050');
    expect(alert()).toBe(status());
    expect(page.querySelector('[role="status"]')?.getAttribute('aria-live')).toBe('off');
    expect(page.querySelectorAll('[role="status"], output')).toHaveLength(1);
    expect(page.querySelector('.badge')?.textContent).toMatch(/900000$/);
    button('Reject').click();
    await statusIs('Call ended: you declined');
    expect(alert()).toBe('');
    expect(buttons(/^(Answer|Reject)$/)).toEqual([]);
  });

  it('may come from an unknown caller', async () => {
    await ready();
    await ringHere(null);
    await statusIs('Incoming call from an unknown caller');
  });

  it('moves the focus to Answer, and returns it afterwards', async () => {
    await ready();
    button('Call').focus();
    await ringHere();
    expect(document.activeElement).toBe(button('Answer'));
    line.update({ uuid: 'call-9', status: 'ended', reason: 'caller-gave-up' });
    await statusIs('Call ended: missed, caller hung up');
    expect(document.activeElement).toBe(button('Call'));
  });

  it('does not interrupt typing', async () => {
    await ready();
    box('Number to dial').focus();
    type(box('Number to dial'), '+44 20 79');
    await ringHere();
    expect(document.activeElement).toBe(box('Number to dial'));
    expect(box('Number to dial').value).toBe('+44 20 79');
    expect(button('Call').disabled).toBe(true);
    button('Reject').click();
    await statusIs('Call ended: you declined');
    expect(document.activeElement).toBe(box('Number to dial'));
  });

  it('can be answered and hung up', async () => {
    await ready();
    await ringHere();
    button('Answer').click();
    await vi.waitUntil(() => line.answered.length > 0);
    await statusIs('Answering…');
    expect(document.activeElement?.contains(button('Hang up'))).toBe(true);
    line.answered[0]?.reply({ ok: true, answer: 'answer' });
    await statusIs('In call with +44 20 3829 7050');
    button('Hang up').click();
    await statusIs('Call ended: you hung up');
    expect(line.sent).toEqual(['hang up call-9']);
  });

  it('says how to turn on a blocked ringtone', async () => {
    await ready();
    await ringHere();
    expect(page.textContent).not.toContain('click anywhere');
    blocked.value = true;
    await vi.waitFor(() => expect(page.textContent).toContain('click anywhere on this page to turn it on'));
  });

  it('can be answered without a microphone if there is none', async () => {
    await ready();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer' } : { ok: false, fault: 'refused' };
    await ringHere();
    button('Answer').click();
    await vi.waitUntil(() => buttons(/listen only/).length > 0);
    expect(status()).toBe('Incoming call from +44 20 3829 7050');
    const listen = button('Answer, listen only');
    expect(document.activeElement).toBe(listen);
    expect(document.getElementById(listen.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /Microphone access is blocked.*Allow it/,
    );
    listen.click();
    await vi.waitUntil(() => line.answered.length > 0);
    expect(page.textContent).toContain('listen only');
  });

  it('can be rejected but not answered while the line is down', async () => {
    await ready();
    await ringHere();
    line.drop();
    await vi.waitUntil(() => button('Answer').disabled);
    expect(page.textContent).toContain('Reconnecting to the emulator');
    expect(button('Reject').disabled).toBe(false);
  });
});

describe('speech', () => {
  const speech = () => box('Say as speech');
  const help = () => document.getElementById(speech().getAttribute('aria-describedby') ?? '')?.textContent;

  it('can be typed, is sent as text and shown, and presses no keys', async () => {
    await talk();
    expect(help()).toMatch(/Replaces speech recognition/);
    speech().focus();
    press('5');
    type(speech(), ' I want 5 ');
    await vi.waitFor(() => {
      speech().form?.requestSubmit();
      expect(line.sent).toEqual(['"I want 5" to call-1']);
    });
    await vi.waitFor(() => expect(page.querySelector('.said')?.textContent).toBe('Said: “I want 5”'));
    expect(speech().value).toBe('');
    expect(document.activeElement).toBe(speech());
  });

  it('is available once the call is answered, and disabled while the line is down', async () => {
    await ring();
    expect(page.querySelector('#say-as-speech')).toBeNull();
    line.update({ uuid: 'call-1', status: 'answered' });
    await vi.waitUntil(() => page.querySelector('#say-as-speech') !== null);
    line.drop();
    await vi.waitUntil(() => button('Say').disabled);
  });
});

describe('a call', () => {
  it('accepts keys only once it is answered', async () => {
    await ring();
    const keypad = page.querySelector('fieldset');
    expect(keypad?.getAttribute('aria-label')).toBe('Keypad');
    expect(keypad?.disabled).toBe(true);
    press('1');
    line.update({ uuid: 'call-1', status: 'answered' });
    await vi.waitUntil(() => keypad?.disabled === false);
    button('4').click();
    button('*').click();
    expect(line.sent).toEqual(['4 to call-1', '* to call-1']);
  });

  it('accepts typed keys, and leaves shortcuts to the browser', async () => {
    await talk();
    await vi.waitFor(() => {
      press('5');
      expect(line.sent.at(-1)).toBe('5 to call-1');
    });
    line.sent.length = 0;
    press('#');
    press('1', { ctrlKey: true });
    press('1', { metaKey: true });
    press('1', { altKey: true });
    press('x');
    expect(line.sent).toEqual(['# to call-1']);
    await vi.waitFor(() => expect(page.querySelector('.keyed')?.textContent).toMatch(/5#$/));
    // The box runs from right to left, to show the last keys: without this, a final # would move to the front.
    expect(page.querySelector('.keyed [dir="ltr"]')?.textContent).toMatch(/5#$/);
  });

  it('ignores what is typed into a text box', async () => {
    await talk();
    const elsewhere = document.body.appendChild(document.createElement('input'));
    elsewhere.focus();
    press('5');
    elsewhere.remove();
    expect(line.sent).toEqual([]);
  });

  it('sends keys in band if selected, by key or by click', async () => {
    await talk();
    const choice = page.querySelector<HTMLInputElement>('input[type="checkbox"]');
    expect(choice?.closest('label')?.textContent).toBe('Send in-band DTMF');
    choice?.click();
    choice?.focus();
    press('5');
    button('6').click();
    expect(audios.opened[0]?.log.slice(-2)).toEqual(['key 5', 'key 6']);
    expect(line.sent).toEqual([]);
  });

  it('shows its duration outside the status', async () => {
    await ring();
    vi.useFakeTimers();
    line.update({ uuid: 'call-1', status: 'answered' });
    await vi.advanceTimersByTimeAsync(61_500);
    const timer = page.querySelector('[role="timer"]');
    expect(timer?.textContent).toBe('1:01');
    expect(timer?.closest('[role="status"]')).toBeNull();
    expect(status()).toBe('Connected to +44 20 3829 7050');
    line.update({ uuid: 'call-1', status: 'connected' });
    await vi.advanceTimersByTimeAsync(3_500);
    expect(page.querySelector('[role="timer"]')?.textContent).toBe('0:03');
    expect(status()).toBe('In call with +44 20 3829 7050');
  });

  it('can be muted and says so', async () => {
    await talk();
    expect(button('Mute').getAttribute('aria-pressed')).toBe('false');
    const open = button('Mute').querySelector('svg')?.innerHTML;
    button('Mute').click();
    await vi.waitUntil(() => button('Mute').getAttribute('aria-pressed') === 'true');
    expect(page.textContent).toContain('You are muted');
    expect(button('Mute').querySelector('svg')?.innerHTML).not.toBe(open);
    expect(audios.opened[0]?.log).toContain('mute');
  });

  it('shows the level of what is heard', async () => {
    await talk();
    const meter = page.querySelector('meter');
    expect(meter?.getAttribute('aria-label')).toBe('What you hear');
    await vi.waitUntil(() => meter?.value === 0.5);
  });

  it('without a microphone can be listened to', async () => {
    await ready();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer' } : { ok: false, fault: 'refused' };
    button('Call').click();
    await statusIs('Microphone access is blocked');
    const listen = button('Dial, listen only');
    expect(document.activeElement).toBe(listen);
    expect(document.getElementById(listen.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /Allow it/,
    );
    listen.click();
    await statusIs('Dialling +44 20 3829 7050…');
    expect(buttons(/Mute/)).toEqual([]);
    expect(page.textContent).toContain('listen only');
  });
});
