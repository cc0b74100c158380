// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiCallError } from '../../session/request.ts';
import { createFakeApi, fakeGrant, fakeSession } from '../fake-agent.ts';
import { createFakePhone } from '../fake-phone.ts';
import { PhoneError } from '../phone.ts';
import { type FakePage, openPage } from './fake-page.tsx';

let page: FakePage;

async function open(changes?: Parameters<typeof openPage>[0]): Promise<void> {
  page = await openPage(changes);
}

afterEach(() => page.close());

/** How to come to each state, and the words that it must show. */
const states: Record<string, { words: string; come: () => Promise<void> }> = {
  open: { words: 'Lines are open for calls', come: () => open() },
  connecting: {
    words: 'Connecting to Vonage…',
    come: async () => {
      const phone = createFakePhone();
      phone.hold('open');
      await open({ phone });
    },
  },
  reconnecting: {
    words: 'Reconnecting: calls may not reach you',
    come: async () => {
      await open();
      await page.happen(() => page.phone.say({ type: 'session-reconnecting' }));
    },
  },
  refused: {
    words: 'Offline: too many open sessions for this agent',
    come: async () => {
      const phone = createFakePhone();
      phone.refuse('open', new PhoneError('session-limit', 'Too many.'));
      await open({ phone });
    },
  },
  'no network': {
    words: 'Offline: this computer has no network',
    come: () =>
      open({
        isOnline: () => false,
        api: { ...createFakeApi(), session: () => Promise.reject(new ApiCallError('unreachable', 'Gone.')) },
      }),
  },
  'signed out': {
    words: 'Sign in to take calls',
    come: () =>
      open({
        api: { ...createFakeApi(), session: async () => ({ ...fakeSession, agent: null, signIn: 'code' }) },
      }),
  },
  ringing: {
    words: 'Incoming call from +44 7700 900000',
    come: async () => {
      await open();
      await page.ring();
    },
  },
  'ringing, number withheld': {
    words: 'Incoming call from an unknown number',
    come: async () => {
      await open();
      await page.ring('leg-1', '');
    },
  },
  joining: {
    words: 'Connecting…',
    come: async () => {
      const phone = createFakePhone();
      phone.hold('answer');
      await open({ phone });
      await page.talk();
    },
  },
  'in call': {
    words: 'In call with +44 7700 900000',
    come: async () => {
      await open();
      await page.talk();
    },
  },
  'audio lost': {
    words: 'Reconnecting audio…',
    come: async () => {
      await open();
      await page.talk();
      await page.happen(() => page.phone.say({ type: 'media-lost', callId: 'leg-1' }));
    },
  },
  'in call, another waiting': {
    words: 'In call with +44 7700 900000',
    come: async () => {
      await open();
      await page.talk();
      await page.ring('leg-2', '447700900111');
    },
  },
  'ringing, another waiting': {
    words: 'Incoming call from +44 7700 900000',
    come: async () => {
      await open();
      await page.ring();
      await page.ring('leg-2', '447700900111');
    },
  },
  ended: {
    words: 'Call ended: answered elsewhere',
    come: async () => {
      await open();
      await page.ring();
      await page.happen(() =>
        page.phone.say({ type: 'over', callId: 'leg-1', reason: 'answered-elsewhere' }),
      );
    },
  },
  interrupted: {
    words: 'Call interrupted: +44 7700 900000 may still be there',
    come: () => {
      const call = { id: 'leg-1', from: '447700900000', kind: 'phone' as const };
      const now = Date.now();
      return open({
        interrupted: { call, since: now - 60_000, sessionId: 'session-1', seen: now - 6_000 },
      });
    },
  },
};

describe('several agents without sign-in', () => {
  const several = async () => ({ ...fakeSession, agents: ['Alice', 'Bob'] });
  const links = () =>
    page.all<HTMLAnchorElement>('.header__others:not([inert]) a').map((link) => link.getAttribute('href'));

  it('the first agent’s page can switch to another agent', async () => {
    await open({ api: { ...createFakeApi(), session: several } });
    expect(links()).toEqual(['?agent=Bob']);
    expect(page.status()).toEqual(['Lines are open for calls']);
    await page.ring();
    expect(links()).toEqual([]);
  });

  it('another agent’s page says that calls do not reach it', async () => {
    const token = async () => ({ ...fakeGrant, agent: 'Bob' });
    await open({ name: 'Bob', api: { ...createFakeApi(), session: several, token } });
    expect(page.all('.header__agent')[0]?.textContent).toBe('Bob');
    expect(links()).toEqual(['?agent=Alice']);
    expect(page.status()).toEqual(['Only Alice receives calls']);
    expect(document.body.textContent).not.toContain('3829 7050');
  });

  it('the page of someone who is not an agent says whom it is for and whom to ask', async () => {
    const token = () => Promise.reject(new ApiCallError('role-missing', 'This is for agents.'));
    await open({ api: { ...createFakeApi(), token } });
    expect(page.status()).toEqual(['Offline: you aren’t an agent']);
    expect(document.body.textContent).toContain(
      'This page is for agents. Ask the person who runs the server',
    );
  });

  it('the page of an unknown agent says for whom it was opened', async () => {
    const token = () => Promise.reject(new ApiCallError('not-found', 'No such agent.'));
    await open({ name: 'Zed', api: { ...createFakeApi(), session: several, token } });
    expect(page.status()).toEqual(['Offline: unknown agent']);
    expect(page.all('.header__agent')[0]?.textContent).toBe('Zed');
    expect(links()).toEqual(['?agent=Alice', '?agent=Bob']);
  });
});

const hasNoAnswer = [
  'signed out',
  'joining',
  'in call',
  'audio lost',
  'in call, another waiting',
  'interrupted',
];
const fixedNames = ['Answer', 'Reject', 'Hang up', 'Mute', 'Keypad'];

describe.each(Object.entries(states))('%s', (state, { words, come }) => {
  beforeEach(come);

  it('says so in its only status', () => {
    expect(page.status()).toEqual([words]);
    expect(page.all('[role=status]')[0]?.getAttribute('aria-label')).toBe('Call status');
  });

  it('has controls with distinct names', () => {
    for (const name of fixedNames) {
      const holding = page
        .buttons()
        .map((one) => one.name)
        .filter((one) => one.includes(name));
      expect(holding).toEqual(holding.length > 0 ? [name] : []);
    }
  });

  it('has Answer on the page whenever a call may ring, enabled only when it rings', () => {
    const answers = page.buttons().filter((one) => one.name === 'Answer');
    expect(answers.map((one) => one.element.disabled)).toEqual(
      hasNoAnswer.includes(state) ? [] : [!state.startsWith('ringing')],
    );
  });
});
