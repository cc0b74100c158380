// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentDesk, ChoiceRequest, OfferView, WrapUpRequest } from '../../../domain/api/desk-api.ts';
import type { Why } from '../../../domain/desk/desk.ts';
import { en } from '../../strings/en.ts';
import { createFakeApi, deskSession, fakeView } from '../fake-agent.ts';
import { type FakePage, openPage } from './fake-page.tsx';
import { whyWords } from './offer-details.tsx';

let page: FakePage;
let asked: (ChoiceRequest | WrapUpRequest)[];
let isRefused: boolean;

beforeEach(async () => {
  asked = [];
  isRefused = false;
  page = await openPage({
    api: {
      ...createFakeApi(),
      session: async () => deskSession,
      async choose(request) {
        asked.push(request);
        if (isRefused) {
          throw new Error('No answer.');
        }
        return { ...fakeView, choice: request.choice, reason: request.reason };
      },
      async wrapUp(request) {
        asked.push(request);
        return fakeView;
      },
    },
  });
  await tell({});
});

afterEach(() => page.close());

const tell = (change: Partial<AgentDesk>) => page.happen(() => page.feed.tell(change));
const pressed = () =>
  page
    .buttons()
    .filter(({ element }) => element.getAttribute('aria-pressed') === 'true')
    .map(({ name }) => name);
const text = () => document.body.textContent ?? '';
const offer = (): OfferView => ({
  id: 'r1',
  role: 'agent',
  kind: 'inbound',
  by: null,
  call: 'caller-leg',
  from: '447700900123',
  to: '442038297050',
  queue: 'sales',
  waitingSince: Date.now() - 12_000,
  until: Date.now() + 17_000,
  why: {
    candidates: [{ agent: 'Alice', idleSeconds: 240 }],
    passedOver: [{ agent: 'Bob', because: 'busy' }],
  },
});

describe('the group "Your status"', () => {
  it('shows the choice and the line apart', async () => {
    expect(page.all('fieldset')[0]?.getAttribute('aria-label')).toBe('Your status');
    expect(pressed()).toEqual(['Available']);
    await tell({ me: { ...fakeView, choice: 'away', reason: 'lunch' } });
    expect([pressed(), page.status()]).toEqual([['Away'], ['Away: lunch']]);
    expect(text()).toContain('Line: Open');
  });

  it('is away with one click, and for a reason with one choice', async () => {
    await page.click('Away');
    expect(pressed()).toEqual(['Away']);
    const [reasons] = page.all<HTMLSelectElement>('select');
    await page.happen(() => {
      if (reasons) {
        reasons.value = 'meeting';
        reasons.dispatchEvent(new Event('change', { bubbles: true }));
      }
    });
    expect(page.status()).toEqual(['Away: meeting']);
    expect(asked).toEqual([
      { agent: 'Alice', choice: 'away', reason: null },
      { agent: 'Alice', choice: 'away', reason: 'meeting' },
    ]);
  });

  it('is about the time after the call, during it', async () => {
    await tell({ me: { ...fakeView, load: 'talking', next: { choice: 'away', reason: 'break' } } });
    expect(pressed()).toEqual(['Away']);
    expect(text()).toContain('After this call: Away: break');
    await page.click('Available');
    expect(asked).toEqual([{ agent: 'Alice', choice: 'available', reason: null, next: true }]);
  });

  it('is about the time after the wrap-up, during that', async () => {
    await tell({ me: { ...fakeView, load: 'wrap-up' } });
    expect(text()).toContain('After wrap-up: Available');
  });

  it('says that a choice was not taken', async () => {
    isRefused = true;
    await page.click('Offline');
    expect(pressed()).toEqual(['Available']);
    expect(text()).toContain('Your status wasn’t saved. Try again.');
  });

  it('asks after missed calls, and one click answers', async () => {
    await tell({ me: { ...fakeView, choice: 'away', reason: 'no answer' } });
    const [read] = page.all('[aria-live]').filter(({ textContent }) => textContent?.includes('Still there?'));
    expect(read).toBeDefined();
    await page.click('I’m back');
    expect(asked).toEqual([{ agent: 'Alice', choice: 'available', reason: null }]);
    expect(text()).not.toContain('Still there?');
  });
});

it('an offer tells where it comes from, how long it waited, what is left and why it is hers', async () => {
  await tell({ offer: offer() });
  await page.ring('leg-1', '442038297050');
  expect(page.status()).toEqual(['Incoming call from +44 7700 900123']);
  for (const words of ['To: +44 20 3829 7050', 'Queue: sales', 'Waiting for 0:12', '17 s left']) {
    expect(text()).toContain(words);
  }
  expect(text()).toContain('Only you are free; Bob is on a call');
});

it.each<[string, Partial<OfferView>, string, string[], string[]]>([
  [
    'a callback',
    { kind: 'callback' },
    'Callback to +44 7700 900123',
    ['Asked for 0:12 ago', 'when you answer'],
    ['Only you', 'Waiting for'],
  ],
  [
    'a consultation',
    { role: 'consult', by: 'Bob' },
    'Incoming call from Bob about +44 7700 900123',
    ['The caller is on hold'],
    ['Only you', 'Waiting for'],
  ],
  [
    'a transfer',
    { by: 'Bob' },
    'Incoming call from +44 7700 900123, transferred by Bob',
    ['Waiting for 0:12'],
    ['Only you'],
  ],
  [
    'a call to listen to',
    { role: 'supervise' },
    'Listen to the call with +44 7700 900123',
    ['Queue: sales'],
    ['Only you', 'Waiting for'],
  ],
])('%s that rings is told as what it is', async (_what, change, status, shown, hidden) => {
  await tell({ offer: { ...offer(), ...change } });
  await page.ring('leg-1', '442038297050');
  expect(page.status()).toEqual([status]);
  for (const words of shown) {
    expect(text()).toContain(words);
  }
  for (const words of hidden) {
    expect(text()).not.toContain(words);
  }
});

it('the wrap-up counts down, and can be extended once or ended', async () => {
  const wrapUp = {
    call: 'caller-leg',
    from: '447700900123',
    until: Date.now() + 24_000,
    extended: false,
    ended: 'caller left',
    note: null,
  } as const;
  await tell({ me: { ...fakeView, load: 'wrap-up' }, wrapUp });
  expect(page.status()).toEqual(['Wrap-up']);
  expect(text()).toContain('Wrap-up 0:24');
  await page.click('Extend');
  await tell({ wrapUp: { ...wrapUp, extended: true } });
  expect(page.buttons().map(({ name }) => name)).not.toContain('Extend');
  await page.click('End wrap-up');
  expect(asked).toEqual([
    { agent: 'Alice', does: 'extend' },
    { agent: 'Alice', does: 'end' },
  ]);
});

describe('why this agent', () => {
  const me = { agent: 'Alice', idleSeconds: 240 };
  const other = { agent: 'Carol', idleSeconds: 10 };

  it.each<[string, Why]>([
    ['Idle longest: 4 min', { candidates: [me, other], passedOver: [] }],
    ['Idle longest: 42 s', { candidates: [{ ...me, idleSeconds: 42 }, other], passedOver: [] }],
    [
      'Only you are free; Dan declined it',
      {
        candidates: [me],
        passedOver: [
          { agent: 'Bob', because: 'line down' },
          { agent: 'Carol', because: 'busy' },
          { agent: 'Dan', because: 'refused this call' },
        ],
      },
    ],
    ['Only you are free', { candidates: [me], passedOver: [] }],
  ])('%s', (words, why) => {
    expect(whyWords(en.desk.why, why)).toBe(words);
  });
});
