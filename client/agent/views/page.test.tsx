// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Theme } from '../../parts/theme.ts';
import { createLanguage } from '../../strings/language.ts';
import type { AgentOptions } from '../agent.ts';
import { ApiCallError } from '../api.ts';
import { createFakeAgent, type FakeAgent, fakeSession } from '../fake-agent.ts';
import { createFakePhone } from '../fake-phone.ts';
import type { MicrophoneState } from '../microphone.ts';
import { PhoneError } from '../phone.ts';
import { Page } from './context.ts';
import { AgentPage } from './page.tsx';

let page: FakeAgent;
let root: HTMLElement;
const microphone = {
  state: signal<MicrophoneState>('ready'),
  level: signal(0),
  check: vi.fn(async () => {}),
};
const blocked = signal(false);
const unblock = vi.fn(async () => {});
const copied: string[] = [];

async function open(changes?: Parameters<typeof createFakeAgent>[0]): Promise<void> {
  page = createFakeAgent(changes);
  const forgetful = { getItem: () => null, setItem: () => {} };
  const { language, strings } = createLanguage(forgetful, ['en-GB'], document.documentElement);
  await act(async () => {
    render(
      <Page
        value={{
          agent: page.agent,
          strings,
          language,
          theme: signal<Theme>('system'),
          sound: { blocked, unblock },
          microphone,
          notifications: { permission: signal<NotificationPermission>('default'), ask: async () => {} },
          lastAgent: { read: () => 'Alice', write: () => {} },
          copy: async (text) => {
            copied.push(text);
          },
        }}
      >
        <AgentPage />
      </Page>,
      root,
    );
  });
  await settle();
}

beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
  microphone.state.value = 'ready';
  blocked.value = false;
});

afterEach(() => {
  page.agent.close();
  render(null, root);
});

const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)));
const all = <Kind extends Element>(selector: string) => [...root.querySelectorAll<Kind>(selector)];
const status = () => all('[role=status]').map((element) => element.textContent);
const alert = () => all('[role=alert]').map((element) => element.textContent);
const buttons = () => all<HTMLButtonElement>('button');
const nameOf = (button: HTMLButtonElement) => button.getAttribute('aria-label') ?? button.textContent;

function button(name: string): HTMLButtonElement {
  const [found, ...others] = buttons().filter((one) => nameOf(one) === name);
  if (!found || others.length > 0) {
    throw new Error(`${others.length + (found ? 1 : 0)} buttons are named "${name}"`);
  }
  return found;
}

async function click(name: string): Promise<void> {
  await act(() => button(name).click());
  await settle();
}

async function happen(what: () => void): Promise<void> {
  await act(what);
  await settle();
}

async function ring(id = 'leg-1', from?: string): Promise<void> {
  await happen(() => void page.phone.ring(id, from));
}

async function talk(): Promise<void> {
  await ring();
  await click('Answer');
}

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
      await happen(() => page.phone.say({ type: 'session-reconnecting' }));
    },
  },
  refused: {
    words: 'Offline: too many pages are open for this agent',
    come: async () => {
      const phone = createFakePhone();
      phone.refuse('open', new PhoneError('session-limit', 'Too many.'));
      await open({ phone });
    },
  },
  'no network': {
    words: 'Offline: this computer has no network',
    come: () => open({ isOnline: () => false, api: unreachable() }),
  },
  'signed out': { words: 'Sign in to take calls', come: () => open({ api: asksForSignIn() }) },
  ringing: {
    words: 'Incoming call from +44 7700 900000',
    come: async () => {
      await open();
      await ring();
    },
  },
  'ringing, number withheld': {
    words: 'Incoming call from an unknown number',
    come: async () => {
      await open();
      await ring('leg-1', '');
    },
  },
  joining: {
    words: 'Connecting…',
    come: async () => {
      const phone = createFakePhone();
      phone.hold('answer');
      await open({ phone });
      await talk();
    },
  },
  'in call': {
    words: 'In call with +44 7700 900000',
    come: async () => {
      await open();
      await talk();
    },
  },
  'audio lost': {
    words: 'Reconnecting audio…',
    come: async () => {
      await open();
      await talk();
      await happen(() => page.phone.say({ type: 'media-lost', callId: 'leg-1' }));
    },
  },
  'in call, another waiting': {
    words: 'In call with +44 7700 900000',
    come: async () => {
      await open();
      await talk();
      await ring('leg-2', '447700900111');
    },
  },
  'ringing, another waiting': {
    words: 'Incoming call from +44 7700 900000',
    come: async () => {
      await open();
      await ring();
      await ring('leg-2', '447700900111');
    },
  },
  ended: {
    words: 'Call ended: answered elsewhere',
    come: async () => {
      await open();
      await ring();
      await happen(() => page.phone.say({ type: 'over', callId: 'leg-1', reason: 'answered-elsewhere' }));
    },
  },
  interrupted: {
    words: 'Call interrupted: +44 7700 900000 may still be there',
    come: () => {
      const call = { id: 'leg-1', from: '447700900000', kind: 'phone' as const };
      const memory = {
        keep: () => {},
        forget: () => {},
        recall: (now: number) => ({ call, since: now - 60_000, sessionId: 'session-1', seen: now - 6_000 }),
      };
      return open({ memory });
    },
  },
};

const fixedNames = ['Answer', 'Reject', 'Hang up', 'Mute', 'Keypad'];

describe.each(Object.entries(states))('%s', (state, { words, come }) => {
  beforeEach(come);

  it('says so in the one status', () => {
    expect(status()).toEqual([words]);
    expect(all('[role=status]')[0]?.getAttribute('aria-label')).toBe('Call status');
  });

  it('has controls that cannot be confused', () => {
    for (const name of fixedNames) {
      const holding = buttons().filter((one) => nameOf(one)?.includes(name));
      expect(holding.map(nameOf)).toEqual(holding.length > 0 ? [name] : []);
    }
  });

  it('has Answer on the page as soon as an agent is there, usable only when it rings', () => {
    const answers = buttons().filter((one) => nameOf(one) === 'Answer');
    expect(answers.map((one) => one.disabled)).toEqual(
      state === 'signed out' ? [] : [!state.startsWith('ringing')],
    );
  });
});

describe('an incoming call', () => {
  beforeEach(() => open());

  it('is announced as one sentence, and only while it rings', async () => {
    await ring();
    expect(alert()).toEqual(['Incoming call from +44 7700 900000']);
    await click('Reject');
    expect(alert()).toEqual(['']);
    expect(status()).toEqual(['Call ended: you rejected it']);
  });

  it('takes the focus to Answer, then to Mute, and back in the end', async () => {
    const chosen = all<HTMLElement>('summary')[0];
    chosen?.focus();
    await ring();
    expect(document.activeElement).toBe(button('Answer'));
    await click('Answer');
    expect(document.activeElement).toBe(button('Mute'));
    await click('Hang up');
    expect(document.activeElement).toBe(chosen);
  });

  it('leaves the focus alone while the agent is typing', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await ring();
    expect(document.activeElement).toBe(field);
  });
});

describe('during a call', () => {
  beforeEach(async () => {
    await open();
    await talk();
  });

  it('Mute keeps its name, shows what is pending, and is pressed when the platform says so', async () => {
    const mute = button('Mute');
    await click('Mute');
    expect([mute.getAttribute('aria-pressed'), mute.getAttribute('aria-busy')]).toEqual(['false', 'true']);
    await happen(() => page.phone.say({ type: 'mute-changed', callId: 'leg-1', muted: true }));
    expect(button('Mute')).toBe(mute);
    expect([mute.getAttribute('aria-pressed'), mute.getAttribute('aria-busy')]).toEqual(['true', 'false']);
    expect(root.textContent).toContain('You are muted');
  });

  it('the keypad sends what is clicked and what is typed', async () => {
    await click('Keypad');
    expect(button('Keypad').getAttribute('aria-expanded')).toBe('true');
    expect(all('fieldset')[0]?.getAttribute('aria-label')).toBe('Keypad');
    await click('5');
    await click('Star');
    await happen(() => void document.dispatchEvent(new KeyboardEvent('keydown', { key: '7' })));
    expect(page.phone.asked.slice(-3)).toEqual([
      'sendDigits leg-1 5',
      'sendDigits leg-1 *',
      'sendDigits leg-1 7',
    ]);
    expect(all('.keypad__sent')[0]?.textContent).toBe('Sent: 5*7');
  });

  it('typed keys are no tones while the keypad is closed', async () => {
    await happen(() => void document.dispatchEvent(new KeyboardEvent('keydown', { key: '7' })));
    expect(page.phone.asked).not.toContain('sendDigits leg-1 7');
  });

  it('the timer is in no live region', () => {
    const timer = all('.stage__timer')[0];
    expect(timer?.textContent).toContain('0:00');
    expect(timer?.closest('[aria-live], [role=status], [role=alert]')).toBeNull();
  });

  it('a call that waits is taken by a button of its own', async () => {
    await ring('leg-2', '447700900111');
    expect(alert()).toEqual(['Another call: +44 7700 900111 is waiting']);
    await click('End this call and take the next');
    expect(status()).toEqual(['In call with +44 7700 900111']);
  });
});

describe('a trouble of the line', () => {
  it('comes with advice and a way on', async () => {
    await states.refused?.come();
    expect(root.textContent).toContain('Close other tabs');
    page.phone.allow('open');
    await click('Retry');
    expect(status()).toEqual(['Lines are open for calls']);
  });
});

describe('the microphone', () => {
  beforeEach(() => open());

  it.each([
    ['refused', 'The microphone is blocked for this page'],
    ['missing', 'No microphone was found'],
    ['busy', 'The microphone is in use by another program'],
    ['insecure', 'This page may not use the microphone'],
  ] as const)('has its own message when it is %s, also while it rings', async (state, words) => {
    await ring();
    await happen(() => {
      microphone.state.value = state;
    });
    expect(root.textContent).toContain(words);
    expect(status()).toEqual(['Incoming call from +44 7700 900000']);
  });

  it('is checked by a button', async () => {
    await click('Check microphone');
    expect(microphone.check).toHaveBeenCalledOnce();
  });
});

it('offers one click against a blocked ring', async () => {
  await open();
  await happen(() => {
    blocked.value = true;
  });
  await click('Ringing is blocked. Click to enable');
  expect(unblock).toHaveBeenCalledOnce();
});

it('rejoins an interrupted call by a button that counts down', async () => {
  await states.interrupted?.come();
  await click('Rejoin call (14 s left)');
  expect(status()).toEqual(['In call with +44 7700 900000']);
  expect(all('.stage__timer')[0]?.textContent).toContain('1:00');
});

describe('signing in', () => {
  const field = (name: string) => all<HTMLInputElement>(`input[name=${name}]`)[0];

  it('keeps the name of the last time and says what is missing', async () => {
    await open({ api: asksForSignIn() });
    expect(field('agent')?.value).toBe('Alice');
    await click('Sign in');
    expect(root.textContent).toContain('Enter your access code.');
    expect(document.activeElement).toBe(field('code'));
  });

  it('says when name and code do not match', async () => {
    await open({ api: asksForSignIn() });
    const code = field('code');
    if (code) {
      code.value = 'wrong';
    }
    await click('Sign in');
    expect(root.textContent).toContain('Name and access code do not match.');
    expect(field('code')?.getAttribute('aria-invalid')).toBe('true');
  });
});

it('changes its language without losing its state', async () => {
  await open();
  await ring();
  const [select] = all<HTMLSelectElement>('select');
  await happen(() => {
    if (select) {
      select.value = 'es';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  expect(status()).toEqual(['Llamada entrante de +44 7700 900000']);
  expect(document.documentElement.lang).toBe('es');
});

it('lists the calls of this page with their ends', async () => {
  await states.ended?.come();
  expect(all('.recent__call').map((call) => call.textContent)).toEqual([
    expect.stringMatching(/^\+44 7700 900000.*answered elsewhere$/),
  ]);
});

it('copies the log for support without phone numbers', async () => {
  await states.ended?.come();
  await click('Copy for support');
  expect(copied.join('\n')).toContain('invited by …000 (phone), leg-1');
  expect(copied.join('\n')).not.toContain('447700900000');
});

function unreachable(): AgentOptions['api'] {
  const refuse = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
  return { session: refuse, signIn: refuse, signOut: refuse, token: refuse };
}

function asksForSignIn(): AgentOptions['api'] {
  return {
    ...unreachable(),
    session: async () => ({ ...fakeSession, agent: null, agents: [], signIn: 'code' }),
    signIn: () => Promise.reject(new ApiCallError('wrong-code', 'Wrong.')),
  };
}
