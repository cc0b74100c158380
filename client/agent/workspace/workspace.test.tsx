// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  AgentDesk,
  ConsultView,
  ControlRequest,
  OfferView,
  WrapUpRequest,
} from '../../../domain/api/desk-api.ts';
import type { OutboundCheck } from '../../../domain/api/outbound-api.ts';
import { ApiCallError } from '../../session/request.ts';
import { createFakeApi, deskSession, fakeView, plainCall } from '../fake-agent.ts';
import { createFakePhone } from '../fake-phone.ts';
import { createFakeRequest, fakeAnswers, fakeCard, fakeItem } from '../fake-request.ts';
import { PhoneError } from '../phone.ts';
import { type FakePage, openPage } from '../views/fake-page.tsx';

const READY = { tab: 'tab-1', line: 'up', sound: 'on', microphone: 'ready' };

let page: FakePage;
let controls: ControlRequest[];
let notes: WrapUpRequest[];
let asked: [string, unknown][];
let refusal: Error | null;
let answers: Record<string, unknown>;
/** What the server says of numbers, otherwise than that they may be called. */
let check: OutboundCheck | null;

const openDesk = async (change: Parameters<typeof openPage>[0] = {}) => {
  page = await openPage({
    ...change,
    api: {
      ...createFakeApi(),
      session: async () => deskSession,
      outbound: async (number) => check ?? createFakeApi().outbound(number),
      async control(_call, request) {
        controls.push(request);
        if (refusal) {
          throw refusal;
        }
      },
      async wrapUp(request) {
        notes.push(request);
        return fakeView;
      },
    },
    request: createFakeRequest(answers, (what, body) => void asked.push([what, body])),
  });
  await tell({});
};

/** Tones that sound in a loop. */
let sounding = 0;

beforeEach(() => {
  sounding = 0;
  vi.stubGlobal('AudioContext', SilentContext);
  vi.stubGlobal('AudioBufferSourceNode', CountedSource);
  vi.stubGlobal('GainNode', SilentGain);
});
afterEach(() => vi.unstubAllGlobals());

class SilentContext {
  sampleRate = 8_000;
  close() {
    sounding -= 1;
    return Promise.resolve();
  }
  createBuffer = () => ({ copyToChannel() {} });
}

class CountedSource {
  connect = (next: object) => next;
  start() {
    sounding += 1;
  }
}

class SilentGain {
  connect = (next: object) => next;
}

beforeEach(() => {
  controls = [];
  notes = [];
  asked = [];
  refusal = null;
  check = null;
  answers = { ...fakeAnswers };
});

afterEach(() => page.close());

const tell = (change: Partial<AgentDesk>) => page.happen(() => page.feed.tell(change));
const text = () => document.body.textContent ?? '';
const names = () => page.buttons().map(({ name }) => name);

const call = (change: Partial<NonNullable<AgentDesk['call']>> = {}) => ({
  id: 'call-1',
  kind: 'inbound' as const,
  from: '447700900000',
  queue: 'Sales',
  state: 'talking' as const,
  agent: 'Alice',
  since: Date.now(),
  callerHears: 'agent' as const,
  reservation: 'r1',
  ...plainCall,
  ...change,
});

const offer = (change: Partial<OfferView> = {}): OfferView => ({
  id: 'r1',
  role: 'agent',
  kind: 'inbound',
  by: null,
  call: 'call-1',
  from: '447700900000',
  to: '442038297050',
  queue: 'Sales',
  waitingSince: Date.now(),
  until: Date.now() + 20_000,
  why: { candidates: [], passedOver: [] },
  ...change,
});

async function talk(change: Partial<NonNullable<AgentDesk['call']>> = {}): Promise<void> {
  await openDesk();
  await tell({ offer: offer() });
  await page.ring('leg-1', '442038297050');
  await page.click('Answer');
  await tell({ offer: null, me: { ...fakeView, load: 'talking' }, call: call(change) });
}

const held = (change: Partial<NonNullable<AgentDesk['call']>> = {}) => ({
  heldSince: Date.now() - 38_000,
  callerHears: 'hold' as const,
  ...change,
});
const consult = (state: ConsultView['state']): ConsultView => ({
  with: { agent: 'Bob' },
  by: 'Alice',
  state,
  since: Date.now(),
});

async function type(selector: string, value: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(selector);
  await page.happen(() => {
    if (field) {
      field.value = value;
      const event = field instanceof HTMLSelectElement ? 'change' : 'input';
      field.dispatchEvent(new Event(event, { bubbles: true }));
    }
  });
}

describe('the toggle "Hold"', () => {
  it('asks the desk, and shows what the desk says', async () => {
    await talk();
    expect(page.button('Hold').getAttribute('aria-pressed')).toBe('false');
    await page.click('Hold');
    expect(controls).toEqual([{ agent: 'Alice', action: 'hold' }]);
    await tell({ call: call(held()) });
    expect(page.button('Hold').getAttribute('aria-pressed')).toBe('true');
    expect(page.status()).toEqual(['On hold']);
    expect(text()).toContain('The caller hears hold music for 0:38');
    await page.click('Hold');
    expect(controls.at(-1)).toEqual({ agent: 'Alice', action: 'resume' });
  });

  it('says who is on hold, where the status no longer does', async () => {
    await talk(held());
    expect(page.all('.stage .stage__caller').map((caller) => caller.textContent)).toEqual([
      '+44 7700 900000',
    ]);
  });

  it('warns after two minutes', async () => {
    await talk(held({ holdWarning: 'alert' }));
    expect(page.alert()).toEqual(['The caller has been on hold for 2 minutes']);
  });

  it('says why the desk refused, and that nothing changed', async () => {
    await talk();
    refusal = new ApiCallError('conflict', 'The caller is already on hold.');
    await page.click('Hold');
    expect(text()).toContain('Hold didn’t work: The caller is already on hold.');
    expect(page.button('Hold').getAttribute('aria-pressed')).toBe('false');
    refusal = null;
    await page.click('Hold');
    expect(text()).not.toContain('Hold didn’t work');
  });

  it('says that nobody answered', async () => {
    await talk();
    refusal = new ApiCallError('unreachable', 'HTTP 502');
    await page.click('Hold');
    expect(text()).toContain('Hold didn’t work: no answer from the server');
  });

  it.each<[string, ControlRequest['action'], Partial<NonNullable<AgentDesk['call']>>]>([
    ['goes back to the caller while a second person talks', 'swap', held({ consult: consult('talking') })],
    ['goes to the second person who waits', 'swap', { consult: consult('held') }],
    ['holds the caller of a conference', 'hold', { consult: consult('talking') }],
  ])('%s', async (_what, action, change) => {
    await talk(change);
    await page.click('Hold');
    expect(controls.map((control) => control.action)).toEqual([action]);
  });

  it('is not there for who only helps', async () => {
    await talk({ role: 'consult', consult: { ...consult('talking'), by: 'Bob' } });
    expect(names()).not.toContain('Hold');
    expect(names()).not.toContain('Transfer');
    expect(text()).toContain('You are helping Bob');
  });
});

describe('a choice made with the caller on hold', () => {
  it('is about the time after the call', async () => {
    await talk(held());
    await tell({ me: { ...fakeView, load: 'holding' } });
    expect(text()).toContain('After this call: Available');
  });
});

describe('a transfer', () => {
  const choose = (value: string) =>
    page.happen(() => document.querySelector<HTMLInputElement>(`input[value="${value}"]`)?.click());

  it('goes to an agent at once', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(text()).toContain('In a call'));
    expect(document.querySelector('dialog h2')?.textContent).toBe('Transfer +44 7700 900000');
    expect(page.button('Send now').disabled).toBe(true);
    await choose('agent Bob');
    await page.click('Send now');
    expect(controls).toEqual([{ agent: 'Alice', action: 'transfer', to: { agent: 'Bob' } }]);
    expect(document.querySelector('dialog')).toBeNull();
  });

  it('asks first', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(text()).toContain('Carol'));
    await choose('agent Carol');
    await page.click('Ask first');
    expect(controls).toEqual([{ agent: 'Alice', action: 'consult', to: { agent: 'Carol' } }]);
  });

  it('to a queue cannot be asked about', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(text()).toContain('2 waiting'));
    await choose('queue Sales');
    expect(page.button('Ask first').disabled).toBe(true);
    await page.click('Send now');
    expect(controls).toEqual([{ agent: 'Alice', action: 'transfer', to: { queue: 'Sales' } }]);
  });

  it('says which queue is closed', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(text()).toContain('2 waiting'));
    const states = page.all('.transfer__group .transfer__state').map((state) => state.textContent);
    expect(states.slice(-2)).toEqual(['2 waiting', 'Closed']);
  });

  it('goes to a number where numbers may be dialled', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(document.querySelector('input[type=tel]')).not.toBeNull());
    await type('input[type=tel]', '+44 20 7946 0000');
    await page.click('Send now');
    expect(controls).toEqual([{ agent: 'Alice', action: 'transfer', to: { number: '+44 20 7946 0000' } }]);
  });

  it('stays open and says why it was refused', async () => {
    await talk();
    await page.click('Transfer');
    await vi.waitFor(() => expect(text()).toContain('Dan'));
    await choose('agent Dan');
    refusal = new ApiCallError('conflict', 'Dan is away.');
    await page.click('Send now');
    expect(document.querySelector('dialog')?.textContent).toContain('The transfer failed: Dan is away.');
  });

  it('says it in the language of the page, and in English what the page has no words for', async () => {
    await talk(held());
    await page.happen(() => {
      const [select] = page.all<HTMLSelectElement>('footer select');
      if (select) {
        select.value = 'es';
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }
    });
    const number = { code: 'no answer', name: '442079460000' } as const;
    const failure = { call: 'call-1', action: 'transfer', words: 'No answer.', at: Date.now() } as const;
    await tell({ lastFailure: { ...failure, cause: number } });
    expect(text()).toContain(
      'La transferencia falló: +44 20 7946 0000 no contestó. Quien llama sigue retenido.',
    );
    await tell({ lastFailure: failure });
    expect(text()).toContain('La transferencia falló: No answer.');
    refusal = new ApiCallError('conflict', 'Bob hung up.', { code: 'hung up', name: 'Bob' });
    await page.click('Retener');
    expect(text()).toContain('No se pudo recuperar la llamada: Bob colgó.');
  });

  it('that failed later is told with where the caller is', async () => {
    await talk(held());
    const words = 'Bob did not answer.';
    await tell({ lastFailure: { call: 'call-1', action: 'transfer', words, at: Date.now() } });
    expect(text()).toContain('The transfer failed: Bob did not answer. The caller is still on hold.');
  });
});

describe('while a phone rings that the desk calls for the agent', () => {
  it('she hears it ring, until somebody answers', async () => {
    await talk(held({ consult: consult('calling') }));
    expect(sounding).toBe(0);
    await tell({ call: call(held({ consult: consult('ringing') })) });
    expect(sounding).toBe(1);
    await tell({ call: call(held({ consult: consult('talking') })) });
    expect(sounding).toBe(0);
    await tell({ call: call({ kind: 'outbound', state: 'ringing' }) });
    expect(sounding).toBe(1);
    await tell({ call: null });
    expect(sounding).toBe(0);
  });

  it('a colleague who is asked, or a supervisor who listens, hears no tone', async () => {
    await talk(held({ consult: consult('ringing'), role: 'supervise' }));
    expect(sounding).toBe(0);
  });
});

describe('with a second person', () => {
  const offered = () => ['Hand over', 'Merge', 'Swap', 'Drop Bob'].filter((name) => names().includes(name));

  it.each<[string, string, string[], Partial<NonNullable<AgentDesk['call']>>]>([
    ['who is called', 'Calling Bob…', ['Drop Bob'], held({ consult: consult('calling') })],
    ['whose page rings', 'Ringing Bob…', ['Drop Bob'], held({ consult: consult('ringing') })],
    [
      'who answered',
      'You are talking to Bob',
      ['Hand over', 'Merge', 'Swap', 'Drop Bob'],
      held({ consult: consult('talking') }),
    ],
    ['who waits', 'Bob is waiting', ['Hand over', 'Merge', 'Swap', 'Drop Bob'], { consult: consult('held') }],
    [
      'in a conference',
      'You, the caller and Bob are talking',
      ['Hand over', 'Drop Bob'],
      { consult: consult('talking') },
    ],
  ])('%s', async (_who, words, buttons, change) => {
    await talk(change);
    expect(text()).toContain(words);
    expect(offered()).toEqual(buttons);
  });

  it('a supervisor who listens is named', async () => {
    const supervision = { mode: 'listen', private: false } as const;
    await talk({ members: [{ as: 'supervisor', name: 'Eve', state: 'calling', supervision }] });
    expect(text()).not.toContain('Eve is listening');
    await tell({
      call: call({ members: [{ as: 'supervisor', name: 'Eve', state: 'talking', supervision }] }),
    });
    expect(text()).toContain('Eve is listening');
  });

  it('each button asks the desk', async () => {
    await talk(held({ consult: consult('talking') }));
    for (const name of ['Merge', 'Swap', 'Drop Bob', 'Hand over']) {
      await page.click(name);
    }
    expect(controls.map(({ action }) => action)).toEqual(['merge', 'swap', 'cancel', 'complete']);
  });
});

describe('beside the call', () => {
  it('a phrase is spoken and the recording begins', async () => {
    await talk();
    await vi.waitFor(() => expect(names()).toContain('Record'));
    await type('select[aria-label="Say to the caller…"]', 'moment');
    await page.click('Record');
    expect(controls).toEqual([
      { agent: 'Alice', action: 'say', phrase: 'moment' },
      { agent: 'Alice', action: 'record', on: true },
    ]);
    await tell({ call: call({ recording: 'on' }) });
    expect(page.button('Record').getAttribute('aria-pressed')).toBe('true');
  });

  it('neither is offered where the desk allows none', async () => {
    answers['GET api/desk/options'] = { phrases: [], queues: [], outcomes: [], mayDial: false };
    await talk();
    expect(names()).not.toContain('Record');
    expect(text()).not.toContain('Say to the caller');
  });
});

describe('the caller', () => {
  const pane = () => page.all('.pane--caller')[0]?.textContent ?? '';

  it('is nobody before a call', async () => {
    await openDesk();
    expect(pane()).toBe('The next caller’s details appear here.');
  });

  it('is shown with contact, country, last note, earlier calls and link', async () => {
    await talk();
    await vi.waitFor(() => expect(pane()).toContain('Ada Lovelace'));
    for (const words of [
      'Analytical Engines Ltd',
      '+44 7700 900000',
      'United Kingdom',
      'Prefers mornings.',
      'Quote sent: Wants 40 licences',
      'Missed',
    ]) {
      expect(pane()).toContain(words);
    }
    expect(page.all<HTMLAnchorElement>('.pane--caller a').map(({ href }) => href)).toEqual([
      'https://crm.example.com/ada',
    ]);
    expect(page.all('.stage__who')[0]?.textContent).toBe('Ada Lovelace Analytical Engines Ltd');
  });

  it('is looked up again when the same person calls again: others may have talked to her', async () => {
    await talk();
    await vi.waitFor(() => expect(pane()).toContain('Ada Lovelace'));
    await page.happen(() => page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' }));
    await tell({ me: fakeView, call: null });
    await vi.waitFor(() => expect(pane()).toContain('Last caller'));
    answers['GET api/callers'] = fakeCard({
      lastNote: { id: 9, text: 'Asked for Bob', by: 'Bob', at: Date.now(), call: null },
    });
    await tell({ offer: offer({ id: 'r2', call: 'call-2' }) });
    await page.ring('leg-2', '442038297050');
    await vi.waitFor(() => expect(pane()).toContain('Asked for Bob'));
  });

  it('gets a note during the call', async () => {
    answers['POST api/contacts'] = {
      id: 7,
      text: 'Calls again on Friday',
      by: 'Alice',
      at: Date.now(),
      call: 'call-1',
    };
    await talk();
    // One field at a time: the first is the call's.
    expect(page.all('textarea')).toHaveLength(1);
    await page.click('Add note');
    // The shortcut for a note leads to the call's.
    expect(page.all('[data-note]')).toHaveLength(1);
    await type('.note-form textarea', ' Calls again on Friday ');
    await page.click('Add note');
    expect(asked.find(([what]) => what.startsWith('POST'))).toEqual([
      'POST api/contacts/447700900000/notes',
      { agent: 'Alice', text: 'Calls again on Friday', call: 'call-1' },
    ]);
    await vi.waitFor(() => expect(page.all('.notes__text')[0]?.textContent).toBe('Calls again on Friday'));
    expect(page.all('textarea')).toHaveLength(1);
  });

  it('says once of an earlier call that it was answered: by whom, if by somebody else', async () => {
    answers['GET api/callers'] = fakeCard({
      lastCalls: [
        fakeItem({ call: 'c1', answeredBy: 'Bob', agent: 'Bob' }),
        fakeItem({ call: 'c2' }),
        fakeItem({ call: 'c3', direction: 'outbound' }),
        // Bob had it first, and passed it on.
        fakeItem({ call: 'c4', answeredBy: 'Bob', hungUpBy: 'agent' }),
      ],
    });
    await talk();
    await vi.waitFor(() => expect(page.all('.caller .history__outcome').length).toBe(4));
    const parts = page.all('.caller .history__outcome').map(({ children }) => children);
    expect(parts.map((spans) => [...spans].map(({ textContent }) => textContent))).toEqual([
      ['answered by Bob', 'caller hung up', 'Sales'],
      ['Answered', 'caller hung up', 'Sales'],
      ['Answered', 'outgoing', 'customer hung up', 'Sales'],
      ['Answered', 'you hung up', 'Sales'],
    ]);
  });

  it('keeps a note that could not be saved', async () => {
    await talk();
    await page.click('Add note');
    await type('.note-form textarea', 'Calls again');
    await page.click('Add note');
    await vi.waitFor(() => expect(pane()).toContain('The server is not responding.'));
    expect(document.querySelector<HTMLTextAreaElement>('.note-form textarea')?.value).toBe('Calls again');
  });

  it('becomes a contact, with a link that is one', async () => {
    answers['GET api/callers'] = fakeCard({ contact: null, link: null });
    answers['PUT api/contacts'] = fakeCard().contact;
    await talk();
    await vi.waitFor(() => expect(names()).toContain('Add contact'));
    await page.click('Add contact');
    await type('input[name=name]', 'Ada');
    await type('input[name=link]', 'javascript:alert(1)');
    await page.click('Save');
    expect(pane()).toContain('Enter an address that begins with https://');
    await type('input[name=link]', '');
    await page.click('Save');
    expect(asked.filter(([what]) => what.startsWith('PUT'))).toEqual([
      ['PUT api/contacts/447700900000', { agent: 'Alice', name: 'Ada', company: null, link: null }],
    ]);
  });

  it('whose number is withheld is asked about nowhere', async () => {
    await openDesk();
    await page.ring('leg-1', '');
    await tell({ offer: null });
    expect(asked.filter(([what]) => what.includes('api/callers'))).toEqual([]);
  });

  it('stays until the next one calls, with outcome and note of the wrap-up', async () => {
    await talk();
    await page.happen(() => page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' }));
    await tell({
      me: { ...fakeView, load: 'wrap-up' },
      call: null,
      wrapUp: {
        call: 'call-1',
        from: '447700900000',
        until: Date.now() + 20_000,
        extended: false,
        ended: 'caller left',
        note: null,
      },
    });
    expect(pane()).toContain('Last caller');
    await vi.waitFor(() => expect(pane()).toContain('Quote sent'));
    await type('.caller__section select', 'Order');
    await type('.caller__section textarea', 'Wants ten');
    await vi.waitFor(() => expect(pane()).toContain('Saved'), { timeout: 3_000 });
    expect(notes).toEqual([{ agent: 'Alice', does: 'note', outcome: 'Order', note: 'Wants ten' }]);
  });
});

describe('the lists', () => {
  const pane = () => page.all('.pane--lists')[0]?.textContent ?? '';
  const tab = (name: string) =>
    page.happen(() =>
      page
        .all<HTMLButtonElement>('[role=tab]')
        .find((one) => one.textContent?.startsWith(name))
        ?.click(),
    );

  it('tell missed and declined calls apart, each by a word', async () => {
    await openDesk();
    await vi.waitFor(() => expect(page.all('.history__word').length).toBe(6));
    expect(page.all('.history__word').map((word) => word.textContent)).toEqual([
      'Missed',
      'Answered',
      'Declined',
      'Caller hung up',
      'Answered',
      'Answered elsewhere',
    ]);
  });

  it('say of a call that did not ring how far it came, with the first broken link', async () => {
    const made = { webhook: 1_000, answer: 1_010, offer: 2_000, request: 2_100, leg: 2_200, invite: 2_300 };
    const chain = {
      ...{ reservation: 'r0', agent: 'Alice', as: 'timeout', endedAt: 30_000, reason: null, presence: READY },
      links: [...Object.entries(made).map(([name, at]) => ({ name, at })), { name: 'ring', at: 2_400 }],
      ...{ broken: 'ring', sound: 'blocked', tab: 'hidden', notice: 'off' },
    };
    answers['GET api/desk/calls/h1/rings'] = [chain, { ...chain, agent: 'Bob', broken: 'leg' }];
    await openDesk();
    await vi.waitFor(() => expect(page.all('.why-no-ring').length).toBe(2));
    await page.happen(() => page.all<HTMLButtonElement>('.why-no-ring button')[0]?.click());
    const steps = () => page.all('.ring-chain li').map((step) => step.firstChild?.nextSibling?.textContent);
    await vi.waitFor(() =>
      expect(steps()).toEqual([
        'Vonage announced the call',
        'The caller was answered',
        'The call was offered to you',
        'Vonage was asked to ring this page',
        'Vonage rang',
        'The call reached this page',
        'The browser blocked the ringtone',
        'The page was in the background',
        'No notification was shown',
      ]),
    );
    expect(page.all('.ring-chain__step--broken').map((step) => step.textContent)).toEqual([
      'The browser blocked the ringtone',
    ]);
    expect(asked.map(([what]) => what)).toContain('GET api/desk/calls/h1/rings?agent=Alice');
  });

  it('count missed calls until somebody looks', async () => {
    await openDesk();
    await vi.waitFor(() => expect(page.panes.missed.value).toBe(1));
    await page.happen(() =>
      document.querySelector('.history')?.dispatchEvent(new FocusEvent('focusin', { bubbles: true })),
    );
    expect(page.panes.missed.value).toBe(0);
    expect(asked).toContainEqual(['POST api/history/seen', { agent: 'Alice' }]);
  });

  it('filter by outcome, and say that nothing matches', async () => {
    answers['GET api/history?agent=Alice&outcome=missed'] = { items: [], next: null, missed: 0 };
    await openDesk();
    await type('select[aria-label=Outcome]', 'missed');
    await vi.waitFor(() => expect(pane()).toContain('No calls match.'));
    await page.click('Clear filters');
    await vi.waitFor(() => expect(page.all('.history__word').length).toBe(6));
  });

  it('show the team to supervisors', async () => {
    await openDesk();
    await type('select[aria-label="Whose calls"]', 'team');
    await vi.waitFor(() => expect(asked.map(([what]) => what)).toContain('GET api/history?agent=all'));
  });

  it('go on where the page ends', async () => {
    await openDesk();
    await vi.waitFor(() => expect(names()).toContain('Show more'));
    answers['GET api/history?agent=Alice&after=more'] = { items: [], next: null, missed: 0 };
    await page.click('Show more');
    await vi.waitFor(() =>
      expect(asked.map(([what]) => what)).toContain('GET api/history?agent=Alice&after=more'),
    );
  });

  it('call back', async () => {
    await openDesk();
    await vi.waitFor(() => expect(names()).toContain('Call back Ada Lovelace'));
    await page.click('Call back Ada Lovelace');
    expect(page.phone.asked).toContain('dial 447700900000');
  });

  it('say why a number was not called back, and offer no call while there is one', async () => {
    check = {
      allowed: false,
      number: null,
      formatted: null,
      country: 'GB',
      reason: 'not allowed',
      words: '',
    };
    await openDesk();
    await vi.waitFor(() => expect(names()).toContain('Call back Ada Lovelace'));
    await page.click('Call back Ada Lovelace');
    expect(page.phone.asked).not.toContain('dial 447700900000');
    expect(page.alert()).toContain('Calls to this number aren’t allowed here.');
    check = null;
    await page.click('Call back Ada Lovelace');
    expect(page.alert()).not.toContain('Calls to this number aren’t allowed here.');
    expect(page.button('Call back Ada Lovelace').disabled).toBe(true);
  });

  it('say why nothing is there, and try again', async () => {
    const { 'GET api/history': history, ...others } = answers;
    answers = others;
    await openDesk();
    await vi.waitFor(() => expect(pane()).toContain('The server is not responding.'));
    answers['GET api/history'] = history;
    page.close();
    await openDesk();
    await vi.waitFor(() => expect(pane()).toContain('Missed'));
  });

  it('show a voicemail with its transcript, and who heard it once it was played', async () => {
    await openDesk();
    await tab('Voicemail');
    await vi.waitFor(() => expect(pane()).toContain('Hello, this is about order 1842.'));
    expect(pane()).toContain('The message couldn’t be fetched: call back.');
    const [player] = page.all<HTMLAudioElement>('audio');
    if (player) {
      player.play = async () => {};
    }
    await page.happen(() => page.button('Play: +44 7700 900123').click());
    expect(pane()).toContain('Heard by Alice');
    expect(asked.map(([what]) => what)).toContain('PUT api/voicemails/v1/heard?agent=Alice');
  });

  it('delete a voicemail after asking', async () => {
    answers['DELETE api/voicemails'] = null;
    await openDesk();
    await tab('Voicemail');
    await vi.waitFor(() => expect(names()).toContain('Delete: +44 7700 900123'));
    await page.click('Delete: +44 7700 900123');
    expect(asked.filter(([what]) => what.startsWith('DELETE'))).toEqual([]);
    await page.click('Delete');
    expect(asked.filter(([what]) => what.startsWith('DELETE'))).toEqual([
      ['DELETE api/voicemails/v1', undefined],
    ]);
    expect(pane()).not.toContain('order 1842');
  });

  it('show callbacks, and cancel one after asking', async () => {
    answers['DELETE api/callbacks'] = null;
    await openDesk();
    await tab('Callbacks');
    await vi.waitFor(() => expect(pane()).toContain('Charles Babbage'));
    expect(pane()).toContain('1 try');
    await page.click('Cancel callback: Charles Babbage');
    await page.click('Cancel callback');
    expect(asked.map(([what]) => what)).toContain('DELETE api/callbacks/cb1?agent=Alice');
  });
});

describe('the ready check', () => {
  const said = () => page.all('.ready__check').map((check) => check.firstChild?.nextSibling?.textContent);
  const broken = () => page.all('.ready__check--broken').length;

  it('tells what works, with what helps where something does not', async () => {
    answers['GET api/session'] = {};
    await openDesk();
    await vi.waitFor(() => expect(said().at(-1)).toMatch(/^Round trip \d+ ms$/));
    expect(said().slice(0, 3)).toEqual(['Sound', 'Session', 'Notifications off']);
    await page.click('Allow');
    expect(page.clicked).toContain('notifications');
    await page.happen(() => {
      page.soundState.value = 'blocked';
    });
    expect(said()[0]).toBe('Sound is off');
    page.clicked.length = 0;
    await page.click('Turn sound on');
    expect(page.clicked).toEqual(['unblock sound']);
  });

  it('says where the server does not respond, and looks again when asked', async () => {
    answers['GET api/session'] = new ApiCallError('unreachable', 'No answer.');
    await openDesk();
    await vi.waitFor(() => expect(said().at(-1)).toBe('The server doesn’t respond'));
    expect(broken()).toBe(1);
    answers['GET api/session'] = {};
    await page.click('Check again');
    await vi.waitFor(() => expect(broken()).toBe(0));
  });

  it('waits for the session while the page connects, and misses only one that is refused', async () => {
    const phone = createFakePhone();
    phone.hold('open');
    await openDesk({ phone });
    expect(said()[1]).toBe('Session: connecting…');
    phone.allow('open');
    await vi.waitFor(() => expect(said()[1]).toBe('Session'));
    page.close();
    phone.refuse('open', new PhoneError('session-limit', 'Too many.'));
    await openDesk({ phone });
    expect(said()[1]).toBe('No session');
  });

  it('is about agents who are available, and not in a call', async () => {
    await openDesk();
    await tell({ me: { ...fakeView, choice: 'away' } });
    expect(said()).toEqual([]);
    await tell({ me: fakeView });
    expect(said()).toHaveLength(4);
    await page.ring();
    expect(said()).toEqual([]);
  });
});
