// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SessionState } from '../../../domain/api/page-api.ts';
import { ApiCallError } from '../../session/request.ts';
import type { Api } from '../api.ts';
import { createFakeApi, fakeSession } from '../fake-agent.ts';
import { createFakePhone } from '../fake-phone.ts';
import { PhoneError } from '../phone.ts';
import { type FakePage, openPage } from './fake-page.tsx';

let page: FakePage;

async function open(changes?: Parameters<typeof openPage>[0]): Promise<void> {
  page = await openPage(changes);
}

afterEach(() => page.close());

describe('an incoming call', () => {
  beforeEach(() => open());

  it('is announced as one sentence, and only while it rings', async () => {
    await page.ring();
    expect(page.alert()).toEqual(['Incoming call from +44 7700 900000']);
    await page.click('Reject');
    expect(page.alert()).toEqual(['']);
    expect(page.status()).toEqual(['Call ended: declined']);
  });

  it('moves the focus to Answer, then to Mute, and finally back', async () => {
    const chosen = page.all<HTMLElement>('summary')[0];
    chosen?.focus();
    await page.ring();
    expect(document.activeElement).toBe(page.button('Answer'));
    await page.click('Answer');
    expect(document.activeElement).toBe(page.button('Mute'));
    await page.click('Hang up');
    expect(document.activeElement).toBe(chosen);
  });

  it('finally moves the focus to the status if nothing had it before', async () => {
    await page.talk();
    await page.click('Hang up');
    expect(document.activeElement).toBe(page.all('[role=status]')[0]);
  });

  it('leaves the focus alone while the agent is typing', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await page.ring();
    expect(document.activeElement).toBe(field);
  });
});

describe('during a call', () => {
  beforeEach(async () => {
    await open();
    await page.talk();
  });

  it('Mute keeps its name, shows that it is pending, and is pressed when the platform confirms', async () => {
    const mute = page.button('Mute');
    await vi.waitFor(() => expect(mute.getAttribute('aria-disabled')).toBe('false'));
    await page.click('Mute');
    expect([mute.getAttribute('aria-pressed'), mute.getAttribute('aria-disabled')]).toEqual([
      'false',
      'true',
    ]);
    await page.happen(() => page.phone.say({ type: 'mute-changed', callId: 'leg-1', muted: true }));
    expect(page.button('Mute')).toBe(mute);
    expect([mute.getAttribute('aria-pressed'), mute.getAttribute('aria-disabled')]).toEqual([
      'true',
      'false',
    ]);
    expect(document.body.textContent).toContain('You are muted');
  });

  it('the keypad sends what is clicked and what is typed', async () => {
    await page.click('Keypad');
    expect(page.button('Keypad').getAttribute('aria-expanded')).toBe('true');
    expect(page.all('fieldset')[0]?.getAttribute('aria-label')).toBe('Keypad');
    await page.click('5');
    await page.click('Star');
    await page.happen(() => void document.dispatchEvent(new KeyboardEvent('keydown', { key: '7' })));
    await page.happen(
      () => void document.dispatchEvent(new KeyboardEvent('keydown', { key: '7', repeat: true })),
    );
    expect(page.phone.asked.slice(-3)).toEqual([
      'sendDigits leg-1 5',
      'sendDigits leg-1 *',
      'sendDigits leg-1 7',
    ]);
    expect(page.all('.keypad__sent')[0]?.textContent).toBe('Sent: 5*7');
  });

  it('Escape closes the keypad and goes back to its button', async () => {
    await page.click('Keypad');
    page.button('5').focus();
    await page.happen(() => void document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })));
    expect(page.all('fieldset')).toEqual([]);
    expect(document.activeElement).toBe(page.button('Keypad'));
  });

  it('presses right after a button appears do nothing, and the button shows that', async () => {
    for (const name of ['Hang up', 'Mute']) {
      expect(page.button(name).getAttribute('aria-disabled')).toBe('true');
      await page.clickAtOnce(name);
    }
    expect(page.status()).toEqual(['In call with +44 7700 900000']);
    expect(page.phone.asked).not.toContain('setMuted leg-1 true');
    await vi.waitFor(() => expect(page.button('Mute').getAttribute('aria-disabled')).toBe('false'));
    await page.clickAtOnce('Hang up');
    expect(page.status()).toEqual(['Call ended: you hung up']);
  });

  it('a second press on Hang up does not answer the waiting call', async () => {
    // On a busy machine, half a second may pass between two presses.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await page.ring('leg-2', '447700900111');
    await page.click('Hang up');
    expect(page.status()).toEqual(['Incoming call from +44 7700 900111']);
    await page.clickAtOnce('Answer');
    expect(page.status()).toEqual(['Incoming call from +44 7700 900111']);
    await page.click('Answer');
    expect(page.status()).toEqual(['In call with +44 7700 900111']);
  });

  it('typed keys send no tones while the keypad is closed', async () => {
    await page.happen(() => void document.dispatchEvent(new KeyboardEvent('keydown', { key: '7' })));
    expect(page.phone.asked).not.toContain('sendDigits leg-1 7');
  });

  it('the timer is not in a live region', () => {
    const timer = page.all('.stage__timer')[0];
    expect(timer?.textContent).toContain('0:00');
    expect(timer?.closest('[aria-live], [role=status], [role=alert]')).toBeNull();
  });

  it('a waiting call has its own answer button', async () => {
    await page.ring('leg-2', '447700900111');
    expect(page.alert()).toEqual(['Call waiting: +44 7700 900111']);
    await page.click('End & answer');
    expect(page.status()).toEqual(['In call with +44 7700 900111']);
  });
});

describe('a problem of the line', () => {
  it('comes with advice and a next step', async () => {
    const phone = createFakePhone();
    phone.refuse('open', new PhoneError('session-limit', 'Too many.'));
    await open({ phone });
    expect(document.body.textContent).toContain('on other computers');
    page.phone.allow('open');
    await page.click('Retry');
    expect(page.status()).toEqual(['Lines are open for calls']);
  });
});

describe('the microphone', () => {
  beforeEach(() => open());

  it.each([
    ['refused', 'Microphone access is blocked'],
    ['missing', 'No microphone found'],
    ['busy', 'Another program is using the microphone'],
    ['insecure', 'The microphone needs HTTPS or localhost'],
  ] as const)('has its own message when it is %s, even during ringing', async (state, words) => {
    await page.ring();
    await page.happen(() => {
      page.microphoneState.value = state;
    });
    expect(document.body.textContent).toContain(words);
    expect(page.status()).toEqual(['Incoming call from +44 7700 900000']);
  });

  it('that prevents answering is reported each time, until it works', async () => {
    const sentence = 'Not answered: allow the microphone, then click Answer again';
    page.microphone.refuse = true;
    await page.talk();
    expect(page.status()).toEqual(['Incoming call from +44 7700 900000']);
    expect(page.alert()).toEqual([sentence]);
    expect(page.all('.stage__problem').map((line) => line.textContent)).toEqual([sentence]);
    expect(document.activeElement).toBe(page.button('Answer'));
    page.microphone.refuse = false;
    await page.click('Answer');
    expect(page.status()).toEqual(['In call with +44 7700 900000']);
    expect(page.alert()).toEqual(['']);
  });

  it('can be checked by a button', async () => {
    await page.click('Test microphone');
    expect(page.clicked).toContain('check microphone');
  });
});

it('offers a click to unblock the ringtone', async () => {
  await open();
  await page.happen(() => {
    page.soundState.value = 'blocked';
  });
  page.clicked.length = 0;
  await page.click('Ringtone is off. Click to turn sound on');
  expect(page.clicked).toEqual(['unblock sound']);
});

it('says that there is no audio output instead of offering a useless click', async () => {
  await open();
  await page.happen(() => {
    page.soundState.value = 'none';
  });
  expect(document.body.textContent).toContain('No sound output found');
  expect(page.buttons().map(({ name }) => name)).not.toContain('Ringtone is off. Click to turn sound on');
});

it('rejoins an interrupted call with a countdown button', async () => {
  const call = { id: 'leg-1', from: '447700900000', kind: 'phone' as const };
  const now = Date.now();
  await open({ interrupted: { call, since: now - 60_000, sessionId: 'session-1', seen: now - 6_000 } });
  expect(document.activeElement).toBe(page.button('Rejoin call (14 s left)'));
  expect(page.button('Hang up').disabled).toBe(false);
  await page.click('Rejoin call (14 s left)');
  expect(page.status()).toEqual(['In call with +44 7700 900000']);
  expect(page.all('.stage__timer')[0]?.textContent).toContain('1:00');
});

describe('signing in', () => {
  const field = (name: string) => page.all<HTMLInputElement>(`input[name=${name}]`)[0];

  it('keeps the last name and says what is missing', async () => {
    await open({ api: asksForSignIn() });
    expect(field('agent')?.value).toBe('Alice');
    await page.click('Sign in');
    expect(document.body.textContent).toContain('Enter your access code.');
    expect(document.activeElement).toBe(field('code'));
  });

  it('leads to the identity provider, where the server has one', async () => {
    const links = () => page.all<HTMLAnchorElement>('.sign-in a').map((link) => link.getAttribute('href'));
    await open({ api: asksForSignIn() });
    expect(links()).toEqual([]);
    const session: SessionState = { ...fakeSession, agent: null, agents: [], signIn: 'code', openId: true };
    await open({ api: { ...asksForSignIn(), session: async () => session } });
    expect(links()).toEqual(['./api/openid/start?to=agent']);
  });

  it('says if name and code do not match', async () => {
    await open({ api: asksForSignIn() });
    const code = field('code');
    if (code) {
      code.value = 'wrong';
    }
    await page.click('Sign in');
    expect(document.body.textContent).toContain('Wrong name or access code.');
    expect(field('code')?.getAttribute('aria-invalid')).toBe('true');
  });
});

it('changes its language without losing its state', async () => {
  await open();
  await page.ring();
  const [select] = page.all<HTMLSelectElement>('footer select');
  await page.happen(() => {
    if (select) {
      select.value = 'es';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  expect(page.status()).toEqual(['Llamada entrante de +44 7700 900000']);
  expect(document.documentElement.lang).toBe('es');
});

it('links developers to the console', async () => {
  const links = () => page.all('footer a').map((link) => [link.textContent, link.getAttribute('href')]);
  await open();
  expect(links()).toEqual([['Developer console', 'console.html']]);
  await open({ api: { ...createFakeApi(), session: async () => ({ ...fakeSession, roles: ['agent'] }) } });
  expect(links()).toEqual([]);
  await open({ api: asksForSignIn() });
  expect(links()).toEqual([]);
});

it('lists the calls of this page with their outcomes', async () => {
  await open();
  await page.ring();
  await page.happen(() => page.phone.say({ type: 'over', callId: 'leg-1', reason: 'answered-elsewhere' }));
  expect(page.all('.recent__call').map((call) => call.textContent)).toEqual([
    expect.stringMatching(/^\+44 7700 900000.*answered elsewhere$/),
  ]);
});

it('formats times for the agent’s region', async () => {
  await open();
  await page.ring();
  await page.click('Reject');
  // In the United States it would be 09:59 AM.
  expect(page.all('.recent__time')[0]?.textContent).toMatch(/^\d\d:\d\d$/);
});

it('shows the log with short IDs, and copies it for support with full IDs but without phone numbers', async () => {
  await open();
  const id = '944bf4bf-8dc7-4e23-86b2-2f4234777416';
  await page.ring(id);
  expect(page.all('.log__entries')[0]?.textContent).toContain('(phone), 944bf4bf…');
  await page.click('Copy for support');
  expect(page.copied.join('\n')).toContain(`invited by …000 (phone), ${id}`);
  expect(page.copied.join('\n')).toContain('sound on, microphone ready, notifications default, tab visible');
  expect(page.copied.join('\n')).toContain('devices: microphone system default');
  expect(page.copied.join('\n')).not.toContain('447700900000');
});

/** A server that nobody is signed in at, and that takes no code. */
function asksForSignIn(): Api {
  return {
    ...createFakeApi(),
    session: async () => ({ ...fakeSession, agent: null, agents: [], signIn: 'code' }),
    signIn: () => Promise.reject(new ApiCallError('wrong-code', 'Wrong.')),
  };
}
