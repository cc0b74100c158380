// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { hint } from '../../traffic/hint.ts';
import { fakeEntry } from '../../traffic/testing.ts';
import { es } from '../strings/es.ts';
import { setScene } from './fake-page.tsx';

const scene = setScene();
const { button, find, options, press, rowsAre, selected, show, textOf } = scene;
const call = 'CON-00000000-0000-4000-8000-00000000abcd';

describe('the list', () => {
  it('says that it is empty, and how to get requests', async () => {
    show([]);
    await vi.waitFor(() => expect(textOf('.list')).toContain('Nothing has been sent or received yet.'));
    expect(find('.list a')?.getAttribute('href')).toBe('../');
  });

  it('shows the key facts of each request', async () => {
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

  it('distinguishes waiting from unanswered', async () => {
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

  it('grows live, and updates changed rows', async () => {
    show([fakeEntry({ id: 1 })]);
    await rowsAre(1);
    scene.platform.tell(fakeEntry({ id: 2, revision: 5, status: null, took: null }));
    await rowsAre(2);
    expect(textOf('.count')).toBe('2 requests');
    scene.platform.tell(fakeEntry({ id: 2, revision: 6, status: 404 }));
    await vi.waitFor(() => expect(options()[0]?.textContent).toContain('404'));
  });

  it('keeps only the visible rows on the page, however many there are', async () => {
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

  it('says that no request matches, and how to clear the filter', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    press('/');
    expect(document.activeElement?.id).toBe('search');
    const search = find('input[type=search]');
    if (!(search instanceof HTMLInputElement)) throw new Error('There is no search.');
    search.value = 'nobody';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    await rowsAre(0);
    expect(textOf('.list')).toContain('No requests match.');
    expect(textOf('.count')).toBe('0 of 1 requests');
    button('Clear filters').click();
    await rowsAre(1);
    expect(search.value).toBe('');
  });

  it('can be filtered by direction and status, and so is the archive', async () => {
    show([fakeEntry({ id: 3, status: 500 }), fakeEntry({ id: 2 }), fakeEntry({ id: 1, direction: 'in' })]);
    await rowsAre(3);
    scene.page.querySelectorAll<HTMLInputElement>('.directions input')[1]?.click();
    await rowsAre(2);
    const status = scene.page.querySelector<HTMLSelectElement>('.outcome select');
    if (!status) throw new Error('There is no choice of status.');
    status.value = 'failed';
    status.dispatchEvent(new Event('change', { bubbles: true }));
    await rowsAre(1);
    expect(find('a[download]')?.getAttribute('href')).toBe(
      '../emulator/requests.har?direction=out&status=failed',
    );
  });

  it('can be paused, and then counts new requests', async () => {
    show([fakeEntry({ id: 1 })]);
    await rowsAre(1);
    press('p');
    await vi.waitFor(() => expect(textOf('.state')).toBe('Connection: Paused'));
    scene.platform.tell(fakeEntry({ id: 2, revision: 9 }));
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

  it('says that the platform is unreachable, and keeps what it has', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    scene.platform.source.fail(0);
    await vi.waitFor(() => expect(textOf('[role="alert"]')).toContain('The emulator is not responding.'));
    expect(options()).toHaveLength(1);
    scene.platform.begin(true);
    await vi.waitFor(() => expect(find('[role="alert"]')).toBeNull());
  });
});

describe('keys', () => {
  it('move through the list, into a request and back', async () => {
    show([fakeEntry({ id: 2 }), fakeEntry({ id: 1 })]);
    await rowsAre(2);
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

  it('are listed in a dialog, and letter keys can be turned off', async () => {
    show([fakeEntry()]);
    await rowsAre(1);
    press('?');
    await vi.waitFor(() => expect(textOf('dialog h2')).toBe('Keyboard shortcuts'));
    scene.page.querySelector<HTMLInputElement>('dialog input')?.click();
    button('Close').click();
    await vi.waitFor(() => expect(find('dialog')).toBeNull());
    press('j');
    expect(scene.inspector.activeId.value).toBeNull();
    expect(textOf('.request .empty')).toBe('Select a request');
  });
});

it('speaks Spanish', async () => {
  show([fakeEntry({ status: 500, hint: hint('server-failed', { status: '500' }) })], es);
  await rowsAre(1);
  press('j');
  await vi.waitFor(() => expect(textOf('.hint')).toMatch(/^Qué cambiar: Su servidor ha fallado \(500\)/));
  expect(scene.page.textContent).not.toMatch(/\b(request|Sent|Received|Send)\b/);
});
