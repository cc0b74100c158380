// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeMemory } from '../../../parts/fake-memory.ts';
import { createDialler } from '../dialler.ts';
import { fakeAudios, fakeLine } from '../fakes.ts';
import { createPhone } from '../phone.ts';
import { App } from './app.tsx';

let line: ReturnType<typeof fakeLine>;
let audios: ReturnType<typeof fakeAudios>;
let page: HTMLElement;

beforeEach(() => {
  line = fakeLine();
  audios = fakeAudios();
  const phone = createPhone({ openLine: line.open, openAudio: audios.open, now: () => Date.now() });
  page = document.body.appendChild(document.createElement('div'));
  render(<App phone={phone} dialler={createDialler(phone, fakeMemory())} theme={signal('system')} />, page);
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
  await statusIs('The number has answered: +44 20 3829 7050');
  line.update({ uuid: 'call-1', status: 'connected' });
  await statusIs('In call with +44 20 3829 7050');
}

describe('the phone', () => {
  it('has one status, and waits for the emulator before it can be used', async () => {
    expect(page.querySelectorAll('[role="status"], output')).toHaveLength(1);
    expect(page.querySelector('[role="status"]')?.getAttribute('aria-label')).toBe('Phone status');
    expect(page.querySelector('.theme-choice')?.textContent).toMatch(/^Appearance/);
    expect(status()).toBe('Connecting to the emulator…');
    expect(button('Call').disabled).toBe(true);
    await ready();
    expect(button('Call').disabled).toBe(false);
  });

  it('has the numbers filled in', async () => {
    await ready();
    expect(box('Your number').value).toBe('+44 7700 900000');
    expect(box('Number to dial').value).toBe('+44 20 3829 7050');
  });

  it('dials, and shows the way to hang up instead of the form', async () => {
    await ready();
    button('Call').click();
    await statusIs('Dialling +44 20 3829 7050…');
    expect(buttons(/call/i)).toEqual([]);
    expect(page.querySelectorAll('input')).toHaveLength(0);
    button('Hang up').click();
    await statusIs('Call ended: you hung up');
    expect(buttons(/call/i).map(nameOf)).toEqual(['Call']);
    expect(buttons(/hang up/i)).toEqual([]);
  });

  it('says at the number what is wrong with it, and goes there', async () => {
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

  it('gives the focus back to where the call was dialled', async () => {
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

  it('says that nobody owns a number', async () => {
    await ready();
    button('Call').click();
    await vi.waitUntil(() => line.dialled.length > 0);
    line.dialled[0]?.reply({ ok: false, code: 'unknown-number', message: 'Not in service.' });
    await statusIs('The number +44 20 3829 7050 is not in service');
  });
});

describe('a call', () => {
  it('takes keys only once it is answered', async () => {
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

  it('takes keys that are typed, and leaves shortcuts to the browser', async () => {
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
  });

  it('does not take what is typed into a text box', async () => {
    await talk();
    const elsewhere = document.body.appendChild(document.createElement('input'));
    elsewhere.focus();
    press('5');
    elsewhere.remove();
    expect(line.sent).toEqual([]);
  });

  it('counts its time outside the status', async () => {
    await ring();
    vi.useFakeTimers();
    line.update({ uuid: 'call-1', status: 'answered' });
    await vi.advanceTimersByTimeAsync(61_500);
    const timer = page.querySelector('[role="timer"]');
    expect(timer?.textContent).toBe('1:01');
    expect(timer?.closest('[role="status"]')).toBeNull();
    expect(status()).toBe('The number has answered: +44 20 3829 7050');
    line.update({ uuid: 'call-1', status: 'connected' });
    await vi.advanceTimersByTimeAsync(3_500);
    expect(page.querySelector('[role="timer"]')?.textContent).toBe('0:03');
    expect(status()).toBe('In call with +44 20 3829 7050');
  });

  it('is muted and says so', async () => {
    await talk();
    expect(button('Mute').getAttribute('aria-pressed')).toBe('false');
    button('Mute').click();
    await vi.waitUntil(() => button('Mute').getAttribute('aria-pressed') === 'true');
    expect(page.textContent).toContain('You are muted');
    expect(audios.opened[0]?.log).toContain('mute');
  });

  it('shows a meter of what is heard', async () => {
    await talk();
    const meter = page.querySelector('meter');
    expect(meter?.getAttribute('aria-label')).toBe('What you hear');
    await vi.waitUntil(() => meter?.value === 0.5);
  });

  it('without a microphone is offered as one to listen to', async () => {
    await ready();
    audios.preparation = async (listening) =>
      listening ? { ok: true, offer: 'offer' } : { ok: false, fault: 'refused' };
    button('Call').click();
    await statusIs('Microphone access is refused');
    const listen = button('Dial and only listen');
    expect(document.activeElement).toBe(listen);
    expect(document.getElementById(listen.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /Allow it/,
    );
    listen.click();
    await statusIs('Dialling +44 20 3829 7050…');
    expect(buttons(/Mute/)).toEqual([]);
    expect(page.textContent).toContain('you only listen');
  });
});
