// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../traffic/body.ts';
import type { Entry } from '../../traffic/entry.ts';
import { fakeEntry } from '../../traffic/fake-entry.ts';
import { hint } from '../../traffic/hint.ts';
import { after, type FakePlatform, fakePlatform } from '../fakes.ts';
import { createInspector, type Inspector } from '../inspector.ts';
import { createSaid } from '../said.ts';
import { en } from '../strings/en.ts';
import { es } from '../strings/es.ts';
import { App } from './app.tsx';
import { Page } from './context.ts';

let platform: FakePlatform;
let inspector: Inspector;
let page: HTMLElement;
let copied: string[];

const NCCO = JSON.stringify([{ action: 'talk', text: 'Please wait', language: 'en-GB' }]);
const call = 'CON-00000000-0000-4000-8000-00000000abcd';

function show(entries: Entry[], strings = en): void {
  platform = fakePlatform(entries);
  inspector = createInspector({
    api: platform.api,
    connect: platform.connect,
    after,
    beforePaint: (run) => after(0, run),
  });
  const { said, say } = createSaid(after);
  copied = [];
  const copy = (text: string, words = strings.request.copied) => {
    copied.push(text);
    say(words);
  };
  page = document.body.appendChild(document.createElement('div'));
  render(
    <Page
      value={{
        inspector,
        strings,
        theme: signal('system'),
        lettersAllowed: signal(true),
        said,
        say,
        copy,
        isReading: signal(false),
      }}
    >
      <App />
    </Page>,
    page,
  );
  platform.begin();
}

beforeEach(() => {
  // It has none, and nothing here has a size.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  HTMLElement.prototype.checkVisibility ??= () => true;
});
afterEach(() => {
  render(null, page);
  page.remove();
  inspector.close();
  vi.unstubAllGlobals();
});

const find = (selector: string) => page.querySelector<HTMLElement>(selector);
const textOf = (selector: string) => find(selector)?.textContent?.replace(/\s+/g, ' ').trim();
const options = () => [...page.querySelectorAll<HTMLElement>('[role="option"]')];
const rowsAre = (count: number) => vi.waitFor(() => expect(options()).toHaveLength(count));
const selected = () =>
  options().find((option) => option.getAttribute('aria-selected') === 'true')?.dataset.id;

function button(name: string): HTMLButtonElement {
  const found = [...page.querySelectorAll('button')].find(
    (each) => (each.getAttribute('aria-label') ?? each.textContent.trim()) === name,
  );
  if (!found) throw new Error(`There is no button ${name}`);
  return found;
}

function press(key: string): void {
  const focused = document.activeElement;
  const target = focused && page.contains(focused) ? focused : document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

async function open(entry: Entry): Promise<void> {
  show([entry]);
  await rowsAre(1);
  press('j');
  await vi.waitFor(() => expect(find('.whole')).not.toBeNull());
}

describe('the list', () => {
  it('says that there is nothing yet, and how to change that', async () => {
    show([]);
    await vi.waitFor(() => expect(textOf('.list')).toContain('Nothing has been sent or received yet.'));
    expect(find('.list a')?.getAttribute('href')).toBe('../');
  });

  it('says of each request what a developer looks for', async () => {
    const failed = fakeEntry({
      id: 2,
      status: 500,
      attempt: 2,
      repeats: 1,
      hint: hint('server-failed'),
      call,
    });
    const asked = fakeEntry({
      id: 1,
      direction: 'in',
      kind: 'rest',
      url: 'http://localhost:3001/v1/calls?a=1',
      call: null,
    });
    show([failed, asked]);
    await rowsAre(2);
    const [first, second] = options().map((option) => option.textContent.replace(/\s+/g, ' '));
    for (const part of [
      'Sent',
      'ringing',
      'call abcd',
      '500',
      'POST',
      'attempt 2',
      'sent again',
      '/voice/event',
    ])
      expect(first).toContain(part);
    for (const part of ['has a hint', '13 ms', '0 B']) expect(first).toContain(part);
    for (const part of ['Received', '/v1/calls?a=1', '200', 'REST']) expect(second).toContain(part);
    expect(second).not.toMatch(/hint|attempt|again|call /);
  });

  it('tells waiting from unanswered', async () => {
    show([
      fakeEntry({ id: 2, status: null, took: null }),
      fakeEntry({ id: 1, status: null, error: 'refused' }),
    ]);
    await rowsAre(2);
    expect(options().map((option) => option.querySelector('.status')?.textContent)).toEqual([
      'waiting',
      'no answer',
    ]);
  });

  it('grows while one looks on, and changes what has changed', async () => {
    show([fakeEntry({ id: 1 })]);
    await rowsAre(1);
    platform.tell(fakeEntry({ id: 2, revision: 5, status: null, took: null }));
    await rowsAre(2);
    expect(textOf('.count')).toBe('2 requests');
    platform.tell(fakeEntry({ id: 2, revision: 6, status: 404 }));
    await vi.waitFor(() => expect(options()[0]?.textContent).toContain('404'));
  });

  it('keeps only the rows in sight on the page, however many there are', async () => {
    show(Array.from({ length: 5000 }, (_, index) => fakeEntry({ id: 5000 - index })));
    await vi.waitFor(() => expect(textOf('.count')).toBe('5000 requests'));
    expect(options().length).toBeLessThan(40);
    expect(options()[0]?.getAttribute('aria-setsize')).toBe('5000');
    find('#requests')?.focus();
    press('End');
    await vi.waitFor(() => expect(selected()).toBe('1'));
    expect(find('#requests')?.getAttribute('aria-activedescendant')).toBe('request-1');
    expect(document.getElementById('request-1')).not.toBeNull();
  });

  it('says that nothing fits a filter, and the way back', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    press('/');
    expect(document.activeElement?.id).toBe('search');
    const search = find('input[type=search]');
    if (!(search instanceof HTMLInputElement)) throw new Error('There is no search.');
    search.value = 'nobody';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    await rowsAre(0);
    expect(textOf('.list')).toContain('No request fits the filter.');
    expect(textOf('.count')).toBe('0 of 1 requests');
    button('Show everything').click();
    await rowsAre(1);
    expect(search.value).toBe('');
  });

  it('is filtered by direction and status, and so is the archive', async () => {
    show([fakeEntry({ id: 3, status: 500 }), fakeEntry({ id: 2 }), fakeEntry({ id: 1, direction: 'in' })]);
    await rowsAre(3);
    page.querySelectorAll<HTMLInputElement>('.directions input')[1]?.click();
    await rowsAre(2);
    const status = page.querySelector<HTMLSelectElement>('.outcome select');
    if (!status) throw new Error('There is no choice of status.');
    status.value = 'failed';
    status.dispatchEvent(new Event('change', { bubbles: true }));
    await rowsAre(1);
    expect(find('a[download]')?.getAttribute('href')).toBe(
      '../emulator/requests.har?direction=out&status=failed',
    );
  });

  it('can be paused: what comes is counted', async () => {
    show([fakeEntry({ id: 1 })]);
    await rowsAre(1);
    press('p');
    await vi.waitFor(() => expect(textOf('.state')).toBe('Connection: Paused'));
    platform.tell(fakeEntry({ id: 2, revision: 9 }));
    await vi.waitFor(() => button('Resume: 1 new request'));
    expect(options()).toHaveLength(1);
    button('Resume: 1 new request').click();
    await rowsAre(2);
    expect(textOf('.state')).toBe('Connection: Live');
  });

  it('can be cleared', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    button('Clear').click();
    await rowsAre(0);
    await vi.waitFor(() => expect(textOf('[role="status"]')).toBe('Cleared.'));
  });

  it('says that the platform is away, and keeps what it knows', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    platform.source.fail(0);
    await vi.waitFor(() => expect(textOf('[role="alert"]')).toContain('The emulator does not answer.'));
    expect(options()).toHaveLength(1);
    platform.begin(true);
    await vi.waitFor(() => expect(find('[role="alert"]')).toBeNull());
  });
});

describe('one request', () => {
  it('shows what was asked and answered', async () => {
    await open(
      fakeEntry({
        kind: 'answer',
        what: 'NCCO',
        method: 'GET',
        url: 'http://localhost:3000/voice/answer?from=447700900000',
        request: { headers: [['user-agent', 'Vonage']], body: null },
        response: { headers: [], body: bodyOf(NCCO) },
      }),
    );
    expect(textOf('.whole h2')).toBe('NCCO 200');
    expect(textOf('.whole-address')).toBe('GET http://localhost:3000/voice/answer');
    expect(textOf('[aria-label="Parameters"]')).toBe('from447700900000');
    expect(textOf('.headers')).toBe('1 headeruser-agentVonage');
    expect(textOf('.ncco li')).toBe('talk Please wait language en-GB');
    expect(find('.body pre')?.textContent).toBe(JSON.stringify(JSON.parse(NCCO), null, 2));
  });

  it('says what to change', async () => {
    await open(fakeEntry({ status: 500, hint: hint('server-failed', { status: '500' }) }));
    expect(textOf('.hint')).toBe('What to change: Your server failed (500). Its own log should say why.');
  });

  it('says that there was no answer, and why', async () => {
    await open(fakeEntry({ status: null, response: null, error: 'connection refused' }));
    expect(textOf('.whole h2')).toBe('ringing no answer');
    expect(textOf('.exchange')).toContain('There was no answer: connection refused.');
  });

  it.each([
    ['right', 'abc', 'The payload hash is right'],
    ['wrong', 'xyz', 'The payload hash is wrong'],
  ])('proves that a payload hash is %s', async (_, actual, words) => {
    const claims = { iat: 1_767_322_800, payload_hash: 'abc' };
    await open(
      fakeEntry({
        proof: { type: 'token', header: {}, claims, fault: null, hash: { claimed: 'abc', actual } },
      }),
    );
    expect(textOf('.verdict')).toContain(words);
    expect(textOf('[aria-label="Claims"]')).toContain('1767322800 (2026-01-02T03:00:00.000Z)');
  });

  it('says what is wrong with a token', async () => {
    await open(
      fakeEntry({
        direction: 'in',
        proof: { type: 'token', header: {}, claims: {}, fault: 'wrong-key', hash: null },
      }),
    );
    expect(textOf('.verdict')).toBe('The token was refused: it is signed with another key.');
  });

  it('is sent again, and what comes of it is shown', async () => {
    await open(fakeEntry({ id: 1 }));
    button('Send again').click();
    await vi.waitFor(() => expect(textOf('[role="status"]')).toBe('Sent again: 200 after 7.0 ms.'));
    await vi.waitFor(() => expect(selected()).toBe('2'));
    await vi.waitFor(() => expect(textOf('.whole-kind')).toContain('#2 · repeats #1'));
  });

  it('is not sent again where that cannot be', async () => {
    await open(fakeEntry({ direction: 'in', repeatable: false }));
    expect(() => button('Send again')).toThrow();
    press('r');
    expect(platform.asked).not.toContain('resend 1');
  });

  it('is copied as curl', async () => {
    await open(fakeEntry({ request: { headers: [['authorization', 'Bearer •••']], body: null } }));
    press('c');
    expect(copied[0]).toMatch(/^curl -X POST /);
    await vi.waitFor(() => expect(textOf('[role="status"]')).toMatch(/variable TOKEN/));
  });

  it('leads to its call alone, and Escape leads back', async () => {
    show([fakeEntry({ id: 2, call }), fakeEntry({ id: 1, call: null })]);
    await rowsAre(2);
    press('j');
    await vi.waitFor(() => button('Only this call').click());
    await rowsAre(1);
    expect(button('Show all calls (Call abcd)')).toBeDefined();
    press('Escape');
    await rowsAre(2);
  });
});

describe('keys', () => {
  it('go through the list, into a request and back', async () => {
    show([fakeEntry({ id: 2 }), fakeEntry({ id: 1 })]);
    await rowsAre(2);
    find('#requests')?.focus();
    press('j');
    press('ArrowDown');
    await vi.waitFor(() => expect(selected()).toBe('1'));
    press('Enter');
    expect(document.activeElement?.id).toBe('request');
    await vi.waitFor(() => expect(find('.page')?.dataset.reading).toBeDefined());
    press('Escape');
    expect(document.activeElement?.id).toBe('requests');
    await vi.waitFor(() => expect(find('.page')?.dataset.reading).toBeUndefined());
  });

  it('are explained, and letters can be turned off', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    press('?');
    await vi.waitFor(() => expect(textOf('dialog h2')).toBe('Keys'));
    page.querySelector<HTMLInputElement>('dialog input')?.click();
    button('Close').click();
    await vi.waitFor(() => expect(find('dialog')).toBeNull());
    press('j');
    expect(inspector.activeId.value).toBeNull();
  });
});

it('speaks Spanish', async () => {
  show([fakeEntry({ status: 500, hint: hint('server-failed', { status: '500' }) })], es);
  await rowsAre(1);
  press('j');
  await vi.waitFor(() => expect(textOf('.hint')).toMatch(/^Qué cambiar: Su servidor ha fallado \(500\)/));
  expect(page.textContent).not.toMatch(/\b(request|Sent|Received|Send)\b/);
});
