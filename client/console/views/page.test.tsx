// @vitest-environment happy-dom
import { PhoneMissed, PhoneOff } from 'lucide';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallPage } from '../../../domain/api/console-api.ts';
import type { CallSummary } from '../../../domain/calls/call.ts';
import { fakeSession } from '../fake-api.ts';
import { message, NOON, pageOf, summary } from '../fake-messages.ts';
import { everything } from '../filter.ts';
import { iconOf } from './call-row.tsx';
import { type FakePage, type FakePageOptions, openPage } from './fake-page.tsx';

let page: FakePage;

async function open(options?: FakePageOptions): Promise<void> {
  page = await openPage(options);
  await page.happen(() => {
    if (page.server.paths.length > 0) {
      page.server.open();
    }
  });
}

afterEach(() => page.close());

const ended: Partial<CallSummary> = {
  status: 'ended',
  end: 'rejected',
  endedAt: NOON + 65_000,
  startedAt: NOON,
  firstSeenAt: NOON,
};

function store(call: CallSummary): Promise<void> {
  return page.store(call, message(call).entry);
}

const focused = () => document.activeElement?.getAttribute('role') ?? document.activeElement?.className;

describe('the list of calls', () => {
  beforeEach(() => open({ prepare: (api) => (api.summaries = [summary(2), summary(1, ended)]) }));

  it('describes each call in one sentence', () => {
    const [live, over] = page.lines();
    expect(live).toMatch(/^Ringing Alice \+44 7700 900000 → \+44 20 3829 7050 .*\d\d:\d\d/);
    expect(over).toMatch(/^Ended Declined Alice .* –$/);
  });

  it('says how long somebody talked, and how long the whole call took', async () => {
    const talked: Partial<CallSummary> = { ...ended, end: 'completed', answeredAt: NOON + 23_000 };
    await store(summary(3, talked));
    await store(summary(4, { ...talked, startedAt: null }));
    await store(summary(5, { status: 'in-call', answeredAt: NOON + 18_000 }));
    const times = (id: string) => {
      const time = page.all(`[data-call="${id}"] .call-row__talk`)[0];
      return [time?.textContent, time?.getAttribute('title')];
    };
    expect(times('CON-1')).toEqual(['–', 'Total 1:05']);
    expect(times('CON-2')).toEqual(['–', null]);
    expect(times('CON-3')).toEqual(['Talk time 0:42', 'Talk time 0:42 · Total 1:05']);
    expect(times('CON-4')).toEqual(['Talk time 0:42', 'Talk time 0:42']);
    expect(times('CON-5')).toEqual(['0:42', 'Talk time']);
  });

  it('says that no event has come of a call that was only asked about, and in the end that none came', async () => {
    const asked: Partial<CallSummary> = { status: 'started', startedAt: null };
    await store(summary(3, asked));
    await store(summary(4, { ...asked, status: 'ended', end: 'unknown' }));
    await store(summary(5, { ...asked, lastHeardAt: NOON + 6_000 }));
    await store(summary(6, { status: 'started' }));
    const lines = page.all('.call-row__outcome').map((line) => line.textContent.trim());
    expect(new Set(lines)).toEqual(
      new Set(['Ringing', 'New', 'New No events yet', 'Ended No events received', 'Ended Declined']),
    );
  });

  it('shows a completed call by no icon of failure', () => {
    expect([PhoneOff, PhoneMissed]).not.toContain(iconOf({ status: 'ended', end: 'completed', exit: null }));
    expect(iconOf({ status: 'ended', end: 'caller-gave-up', exit: null })).toBe(PhoneMissed);
  });

  it('gives each call’s position and the total', () => {
    const options = page.all('[role=option]');
    const places = options.map((option) => [
      option.getAttribute('aria-posinset'),
      option.getAttribute('aria-setsize'),
    ]);
    expect(places).toEqual([
      ['1', '2'],
      ['2', '2'],
    ]);
    expect(page.texts('.list__foot')).toEqual(['2 calls']);
  });

  it('adds a new call immediately, above the others', async () => {
    await store(summary(3));
    expect(page.lines()).toHaveLength(3);
    expect(page.lines()[0]).toMatch(/^Ringing/);
    await store(summary(3, { status: 'in-call', lastEntryId: 4 }));
    expect(page.lines()[0]).toMatch(/^In call/);
  });

  it('follows the keys, which open calls beside it, and keeps the focus', async () => {
    page.all<HTMLElement>('[role=listbox]')[0]?.focus();
    await page.press('ArrowDown');
    await page.press('ArrowDown');
    const active = page.all('[role=listbox]')[0]?.getAttribute('aria-activedescendant');
    const selected = page.all('[aria-selected=true]').map(({ id }) => id);
    expect([active, page.live.openCall.id.value, focused()]).toEqual([selected[0], 'CON-1', 'listbox']);
    await store(summary(3));
    expect(page.all('[aria-selected=true]').map(({ id }) => id)).toEqual(selected);
    expect(page.all('[aria-selected=true]')[0]?.getAttribute('aria-posinset')).toBe('3');
  });

  it('opens a call with Enter and returns with Escape', async () => {
    page.all<HTMLElement>('[role=listbox]')[0]?.focus();
    await page.press('Home');
    await page.press('Enter');
    expect(focused()).toBe('call__title');
    await page.press('Escape');
    expect(focused()).toBe('listbox');
  });

  it('opens a call on click', async () => {
    await page.happen(() => page.all<HTMLElement>('[role=option]')[1]?.click());
    expect(page.live.openCall.id.value).toBe('CON-1');
  });

  it('keeps only the visible rows on the page', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => summary(20_000 - index));
    page.api.summaries = many;
    await page.happen(() => page.live.calls.reload());
    expect(page.texts('.list__foot')).toEqual(['10,000 calls']);
    expect(page.lines().length).toBeLessThan(60);
    expect(page.all('[role=option]')[0]?.getAttribute('aria-setsize')).toBe('10000');
  });
});

describe('a narrow list', () => {
  beforeEach(async () => {
    await open({ prepare: (api) => (api.summaries = [summary(2), summary(1)]) });
    page.isWide.value = false;
  });

  it('gives way to the call, which takes the focus, and returns', async () => {
    await page.happen(() => page.all<HTMLElement>('[role=option]')[1]?.click());
    expect([page.all('.page[data-open]').length, focused()]).toEqual([1, 'call__title']);
    await page.click('All calls');
    expect([page.all('.page[data-open]').length, focused()]).toEqual([0, 'listbox']);
  });
});

describe('without calls', () => {
  it('says how to place one', async () => {
    await open();
    const links = page
      .all<HTMLAnchorElement>('.empty a')
      .map((link) => [link.textContent, link.getAttribute('href')]);
    expect(links).toEqual([
      ['Open the agent page', './'],
      ['Open the phone', 'http://127.0.0.1/phone'],
    ]);
    expect(page.texts('.empty li')[1]).toBe('Open the phone and call +44 20 3829 7050.');
    await store(summary(1));
    expect(page.lines()).toHaveLength(1);
  });

  it('shows the number if there is no phone page', async () => {
    await open({ prepare: (api) => (api.state = { ...fakeSession, phoneUrl: null }) });
    expect(page.texts('.empty li')[1]).toBe('Call +44 20 3829 7050 from any phone.');
  });

  it('that match, offers to clear the filter', async () => {
    await open({
      place: { filter: { ...everything, agent: 'Bob' }, callId: null },
      prepare: (api) => (api.summaries = [summary(1)]),
    });
    expect(page.texts('.empty')[0]).toContain('No results');
    await page.click('Clear filter');
    expect(page.lines()).toHaveLength(1);
  });

  it('keeps searching if nothing was found yet', async () => {
    const asked: (string | null)[] = [];
    await open({
      prepare(api) {
        api.calls = async (_query, cursor) => {
          asked.push(cursor);
          const next = { c1: 'c2', c2: null }[cursor ?? ''];
          return next === null ? pageOf([summary(1)]) : pageOf([], next ?? 'c1');
        };
      },
    });
    await expect.poll(() => page.lines()).toHaveLength(1);
    expect(asked.slice(-3)).toEqual([null, 'c1', 'c2']);
  });

  it('says that it is searching until the search ends', async () => {
    const pages = [Promise.withResolvers<CallPage>(), Promise.withResolvers<CallPage>()];
    await open({
      place: { filter: { ...everything, text: 'x' }, callId: null },
      prepare(api) {
        api.calls = async (_query, cursor) => {
          const page = pages[Number(cursor ?? -1)];
          return page ? page.promise : pageOf([], '0');
        };
      },
    });
    expect(page.texts('.list')).toEqual(['Searching…']);
    await page.happen(() => pages[0]?.resolve(pageOf([summary(1)], '1')));
    expect(page.texts('.list__foot')).toEqual(['1 call found. Searching…']);
    await page.happen(() => pages[1]?.resolve(pageOf([])));
    expect(page.texts('.list__foot')).toEqual(['1 call']);
  });

  it('says that loading failed, and retries', async () => {
    await open({ prepare: (api) => (api.failure = 'internal') });
    expect(page.texts('[role=alert]')[0]).toContain('Could not load the calls.');
    page.api.failure = null;
    page.api.summaries = [summary(1)];
    await page.click('Try again');
    expect(page.lines()).toHaveLength(1);
  });
});

describe('the filter', () => {
  beforeEach(() =>
    open({ prepare: (api) => (api.summaries = [summary(2), summary(1, { ...ended, agent: 'Bob' })]) }),
  );

  it('lists only the agent’s calls, including new ones', async () => {
    await page.fill('select', 'Bob');
    expect(page.lines()).toHaveLength(1);
    await store(summary(3, { agent: 'Alice' }));
    await store(summary(4, { agent: 'Bob' }));
    expect(page.lines()).toHaveLength(2);
    expect(page.texts('.filter__toggle')).toEqual(['Filter (1 set)']);
  });

  it.each([
    [1, 'ended', { status: 'ended' }],
    [2, 'voicemail', { outcome: 'voicemail' }],
    [3, 'hour', { period: 'hour' }],
  ])('select %# requests %s', async (index, value, expected) => {
    const select = page.all<HTMLSelectElement>('select')[index];
    await page.happen(() => {
      if (select) {
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }
    });
    expect(page.live.calls.filter.value).toMatchObject(expected);
  });

  it('counts the calls of each outcome, where the server does', async () => {
    const names = () =>
      page.texts('select:nth-of-type(1) option').filter((name) => /^(Answered|Missed)/.test(name));
    expect(names()).toEqual(['Answered', 'Missed']);
    const none = { declined: 0, abandoned: 0, voicemail: 0, callback: 0, closed: 0, failed: 0, unknown: 0 };
    page.api.outcomeCounts = { ...none, answered: 12, missed: 1_000 };
    await page.happen(() => page.live.calls.reload());
    expect(names()).toEqual(['Answered (12)', 'Missed (1,000 or more)']);
  });

  it('searches by keys, suggests them, and says which part it leaves out', async () => {
    const suggested = () => page.all<HTMLOptionElement>('datalist option').map(({ value }) => value);
    await page.happen(() => page.live.calls.setFilter({ ...everything, text: 'agent:' }));
    expect(suggested()).toEqual(['agent:Alice', 'agent:Bob']);
    expect(page.texts('.filter__problem')).toEqual(['“agent:” needs a value.']);
    await page.happen(() => page.live.calls.setFilter({ ...everything, text: 'agent:bob outcome:declined' }));
    expect(page.texts('.filter__problem')).toEqual(['']);
    await page.happen(() => page.live.calls.reload());
    expect(page.lines()).toHaveLength(1);
    expect(page.all('#search')[0]?.getAttribute('aria-invalid')).toBe('false');
  });

  it('accepts any time span', async () => {
    await page.happen(() => page.live.calls.setFilter({ ...everything, period: 'span' }));
    await page.fill('input[type=datetime-local]', '2026-03-29T12:00');
    expect(page.live.calls.filter.value.since).toBe(new Date('2026-03-29T12:00').toISOString());
    expect(page.all<HTMLInputElement>('input[type=datetime-local]')[0]?.value).toBe('2026-03-29T12:00');
  });

  it('gets the focus with Control+K', async () => {
    await page.press('k', { ctrlKey: true });
    expect(document.activeElement?.id).toBe('search');
  });
});

describe('the feed', () => {
  beforeEach(() => open({ prepare: (api) => (api.summaries = [summary(1)]) }));

  it('says whether the page is live', async () => {
    expect(page.texts('[role=status]')).toEqual(['Feed: Live']);
    await page.happen(() => page.server.break());
    expect(page.texts('[role=status]')).toEqual(['Feed: Reconnecting']);
    expect(page.texts('[role=alert]')[0]).toContain('The server is not responding.');
    await page.happen(() => page.server.open());
    expect([page.texts('[role=status]'), page.texts('[role=alert]')]).toEqual([['Feed: Live'], []]);
  });

  it('can be paused, and then counts what arrives', async () => {
    await page.click('Pause');
    expect(page.texts('.notice')).toEqual(['Paused. Nothing new.']);
    await store(summary(2));
    await store(summary(2, { status: 'ended', lastEntryId: 3 }));
    expect(page.texts('[role=status]')).toEqual(['Feed: Paused']);
    expect(page.texts('.notice')).toEqual(['Paused. 2 new entries in 1 call.']);
    expect(page.lines()).toHaveLength(1);
    await page.press('p', { code: 'KeyP', altKey: true });
    expect([page.lines().length, page.texts('.notice')]).toEqual([2, []]);
  });
});

it('tells those who are not developers whom it is for and whom to ask, and shows no calls', async () => {
  await open({
    prepare(api) {
      api.summaries = [summary(1)];
      api.state = { ...fakeSession, agent: 'Bob', roles: ['agent', 'supervisor'], signIn: 'code' };
    },
  });
  expect(page.texts('main')[0]).toMatch(
    /^Bob, this page is for developers.*ask the person who runs the server/,
  );
  expect([page.lines(), page.api.asked, page.server.paths]).toEqual([[], [], []]);
  expect(page.button('Sign out')).toBeDefined();
  page.api.state = { ...page.api.state, roles: ['developer'] };
  await page.click('Try again');
  expect(page.lines()).toHaveLength(1);
});

it('closes when its reader is no longer a developer', async () => {
  await open({ prepare: (api) => (api.summaries = [summary(1)]) });
  expect(page.lines()).toHaveLength(1);
  page.api.state = { ...fakeSession, roles: ['agent'] };
  await page.happen(() => page.server.break());
  await page.happen(() => page.server.open());
  expect(page.texts('main')[0]).toContain('this page is for developers');
  expect(page.lines()).toEqual([]);
});

describe('signing in', () => {
  beforeEach(() =>
    open({ prepare: (api) => (api.state = { ...fakeSession, agent: null, agents: [], signIn: 'code' }) }),
  );

  it('is required before the calls', async () => {
    expect(page.all('.list')).toEqual([]);
    await page.fill('input[name=code]', 'wrong');
    await page.click('Sign in');
    expect(page.texts('[role=alert]')).toEqual(['Wrong name or access code. Check both and try again.']);
    await page.fill('input[name=code]', 'right');
    await page.click('Sign in');
    expect(page.all('.list')).toHaveLength(1);
    await page.click('Sign out');
    expect(page.all('.list')).toEqual([]);
  });

  it('says what is missing', async () => {
    await page.click('Sign in');
    expect(page.texts('[role=alert]')).toEqual(['Enter your access code.']);
    expect(document.activeElement?.getAttribute('name')).toBe('code');
  });
});

it('lists its keys in a dialog', async () => {
  await open();
  await page.press('/', { ctrlKey: true });
  expect(page.texts('dialog h2')).toEqual(['Keyboard shortcuts']);
  expect(page.texts('kbd')).toEqual(expect.arrayContaining(['Alt P', 'j', 'k', '/', 'i', 'Alt I']));
  expect(page.texts('dd')).toContain('Go to the first issue');
  await page.happen(() => page.all<HTMLDialogElement>('dialog')[0]?.close());
  expect(page.all('dialog')).toEqual([]);
});

it('takes single keys, too, unless they are turned off', async () => {
  await open({ prepare: (api) => (api.summaries = [summary(2), summary(1)]) });
  await page.press('j');
  expect(focused()).toBe('listbox');
  await page.press('j');
  await page.press('k');
  expect(page.live.openCall.id.value).toBe('CON-2');
  await page.press('p');
  expect(page.texts('.notice')).toEqual(['Paused. Nothing new.']);
  await page.press('?');
  await page.happen(() => page.all<HTMLInputElement>('dialog input')[0]?.click());
  await page.click('Close');
  await page.press('p');
  expect(page.texts('.notice')).toEqual(['Paused. Nothing new.']);
  await page.press('p', { code: 'KeyP', altKey: true });
  expect(page.texts('.notice')).toEqual([]);
});

it('leaves the search by Enter or Escape for the list, where Escape clears the filter', async () => {
  await open({ prepare: (api) => (api.summaries = [summary(2), summary(1)]) });
  await page.press('/');
  await page.press('Escape');
  expect(focused()).toBe('listbox');
  await page.fill('select', 'Alice');
  await page.press('/');
  await page.press('Enter');
  expect([focused(), page.live.calls.filter.value.agent]).toEqual(['listbox', 'Alice']);
  await page.press('Escape');
  expect([focused(), page.live.calls.filter.value.agent]).toEqual(['listbox', '']);
});

it('changes its language without losing what is open', async () => {
  await open({ prepare: (api) => (api.summaries = [summary(1, ended)]) });
  await page.happen(() => page.all<HTMLElement>('[role=option]')[0]?.click());
  await page.happen(() => {
    page.language.value = 'es';
  });
  expect(page.lines()[0]).toMatch(/^Terminada Rechazada Alice /);
  expect([page.live.openCall.id.value, document.documentElement.lang]).toEqual(['CON-1', 'es']);
});
