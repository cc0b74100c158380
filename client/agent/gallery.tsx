/**
 * The page in any state, for looking at it: `gallery.html?state=ringing&language=es&theme=dark`. Not part
 * of the built pages. Start: `npx vite .`, then open `/client/agent/gallery.html`.
 */
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ConsultView, DeskCallView, OfferView } from '../../domain/api/desk-api.ts';
import type { ChosenStatus } from '../../domain/desk/desk.ts';
import { chooseLanguage } from '../../ui/language.ts';
import { createTheme } from '../../ui/theme.ts';
import { ApiCallError } from '../session/request.ts';
import { en } from '../strings/en.ts';
import { es } from '../strings/es.ts';
import type { Api } from './api.ts';
import {
  createFakeAgent,
  createFakeApi,
  deskSession,
  type FakeAgentChanges,
  fakeGrant,
  fakeSession,
  fakeView,
  plainCall,
} from './fake-agent.ts';
import { createFakePhone } from './fake-phone.ts';
import { createFakeRequest } from './fake-request.ts';
import type { Mirror } from './leadership.ts';
import type { MicrophoneState } from './microphone.ts';
import { PhoneError } from './phone.ts';
import type { SoundState } from './sound.ts';
import { createPanes, Page } from './views/context.ts';
import { AgentPage } from './views/page.tsx';

const query = new URLSearchParams(location.search);
const state = query.get('state') ?? 'open';

const phone = createFakePhone();
const microphone = { state: signal<MicrophoneState>('ready'), level: signal(0), check: async () => {} };
const mirror = signal<Mirror | null>(null);
const sound = { state: signal<SoundState>('on'), unblock: async () => {}, ring: () => () => {} };
const named = signal<Record<string, string>>(
  state === 'devices' ? { a1: 'Built-in microphone', b2: 'Jabra Evolve2 65' } : {},
);
const unchosen = signal('');
const devices = {
  options: { microphone: named, speaker: named, ringer: named },
  chosen: { microphone: unchosen, speaker: unchosen, ringer: unchosen },
  choose: () => {},
  volume: { speaker: signal(1), ringer: signal(1) },
  setVolume: () => {},
};
const options: FakeAgentChanges & { api: Api } = { phone, api: createFakeApi() };

function interrupt(): void {
  const call = { id: 'leg-0', from: '447700900000', kind: 'phone' as const };
  const now = Date.now();
  options.interrupted = { call, since: now - 83_000, sessionId: 'session-0', seen: now - 5_200 };
}

/** What has to be true before the agent's work begins. */
const before: Record<string, () => void> = {
  connecting: () => phone.hold('open'),
  'signed-out': () => {
    options.api.session = async () => ({ ...fakeSession, agent: null, agents: [], signIn: 'code' });
  },
  refused: () => phone.refuse('open', new PhoneError('session-limit', 'Too many sessions.')),
  offline: () => {
    options.isOnline = () => false;
    options.api.session = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
  },
  'second-agent': () => {
    options.name = 'Bob';
    options.api.session = async () => ({ ...fakeSession, agents: ['Alice', 'Bob', 'Carol'] });
    options.api.token = async () => ({ ...fakeGrant, agent: 'Bob' });
  },
  'sound-blocked': () => {
    sound.state.value = 'blocked';
  },
  'sound-none': () => {
    sound.state.value = 'none';
  },
  'other-tab': () => {
    options.tabs = {
      claim: async () => false,
      takeOver: () => {},
      leave: () => {},
      sessionChanged: () => {},
    };
    mirror.value = { words: 'Lines are open for calls', tone: 'ready', busy: false };
  },
  'other-tab-busy': () => {
    options.tabs = {
      claim: async () => false,
      takeOver: () => {},
      leave: () => {},
      sessionChanged: () => {},
    };
    mirror.value = { words: 'In call with +44 7700 900000', tone: 'ready', busy: true };
  },
  'desk-elsewhere': () => {
    options.api.beat = async () => ({ leaseSeconds: 9, leader: false });
  },
  'desk-silent': () => {
    options.api.beat = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));
  },
  'desk-returning': () => {
    interrupt();
    if (options.interrupted) {
      options.interrupted.deskCall = 'call-0';
    }
  },
  rejoinable: interrupt,
  'rejoinable-waiting': interrupt,
};
const isAtDesk = state.startsWith('desk');
if (isAtDesk) {
  options.api.session = async () => deskSession;
}
before[state]?.();

const { agent, feed, microphone: fakeMicrophone } = createFakeAgent(options);

function ring(id = 'leg-1', from?: string): void {
  phone.ring(id, from);
}
async function talk(): Promise<void> {
  ring();
  agent.calls.dispatch({ type: 'answer' });
  await settled();
}
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
function press(name: string): void {
  for (const button of document.querySelectorAll('button')) {
    if (button.textContent === name) {
      button.click();
    }
  }
}

const ago = (seconds: number) => Date.now() - seconds * 1_000;
const inSeconds = (seconds: number) => ago(-seconds);
const me = { ...fakeView, since: ago(734) };

function offer(): OfferView {
  return {
    id: 'r1',
    role: 'agent',
    kind: 'inbound',
    by: null,
    call: 'call-1',
    from: '447700900000',
    to: '442038297050',
    queue: 'Sales',
    waitingSince: ago(47),
    until: inSeconds(17),
    why: {
      candidates: [
        { agent: 'Alice', idleSeconds: 243 },
        { agent: 'Carol', idleSeconds: 31 },
      ],
      passedOver: [{ agent: 'Bob', because: 'busy' }],
    },
  };
}

const consult = (state: ConsultView['state']): ConsultView => ({
  with: { agent: 'Bob' },
  by: 'Alice',
  state,
  since: ago(9),
});

async function talkAtDesk(
  next: ChosenStatus | null = null,
  change: Partial<DeskCallView & { role: 'agent' | 'consult' }> = {},
): Promise<void> {
  feed.tell({ me, offer: offer() });
  ring('leg-1', '442038297050');
  agent.calls.dispatch({ type: 'answer' });
  await settled();
  const call = {
    id: 'call-1',
    from: '447700900000',
    queue: 'Sales',
    state: 'talking',
    agent: 'Alice',
    since: Date.now(),
    kind: 'inbound',
    callerHears: 'agent',
    reservation: 'r1',
    ...plainCall,
    ...change,
  } as const;
  feed.tell({ me: { ...me, load: 'talking', next }, offer: null, call });
}

/** What happens once the line is open. */
const after: Record<string, () => Promise<void> | void> = {
  desk: () => feed.tell({ me }),
  'desk-away': () => feed.tell({ me: { ...me, choice: 'away', reason: 'lunch' } }),
  'desk-no-answer': () => feed.tell({ me: { ...me, choice: 'away', reason: 'no answer' } }),
  'desk-offline': () => feed.tell({ me: { ...me, choice: 'offline' } }),
  'desk-elsewhere': async () => {
    feed.tell({ me });
    await new Promise((resolve) => setTimeout(resolve, 7_100));
  },
  'desk-silent': () => feed.tell({ me }),
  'desk-returning': () => feed.tell({ me }),
  'desk-ringing': () => {
    feed.tell({ me: { ...me, load: 'reserved' }, offer: offer() });
    ring('leg-1', '442038297050');
  },
  'desk-in-call': () => talkAtDesk(),
  'desk-hold': () => talkAtDesk(null, { heldSince: ago(38), callerHears: 'hold' }),
  'desk-hold-alert': () =>
    talkAtDesk(null, { heldSince: ago(125), callerHears: 'hold', holdWarning: 'alert' }),
  'desk-consult-ringing': () =>
    talkAtDesk(null, { heldSince: ago(12), callerHears: 'hold', consult: consult('ringing') }),
  'desk-consult': () =>
    talkAtDesk(null, { heldSince: ago(20), callerHears: 'hold', consult: consult('talking') }),
  'desk-conference': () => talkAtDesk(null, { consult: consult('talking') }),
  'desk-helping': () =>
    talkAtDesk(null, {
      role: 'consult',
      heldSince: ago(20),
      callerHears: 'hold',
      consult: { ...consult('talking'), with: { agent: 'Alice' }, by: 'Bob' },
    }),
  'desk-transfer': async () => {
    await talkAtDesk();
    press(strings.value.actions.transfer);
  },
  'desk-transfer-failed': async () => {
    await talkAtDesk(null, { heldSince: ago(20), callerHears: 'hold' });
    const cause = { code: 'no answer', name: 'Bob' } as const;
    const words = 'Bob did not answer.';
    feed.tell({ lastFailure: { call: 'call-1', action: 'transfer', words, cause, at: Date.now() } });
  },
  'desk-keypad': async () => {
    await talkAtDesk();
    press(strings.value.actions.keypad);
  },
  'desk-audio': async () => {
    await talkAtDesk();
    await settled();
    press('Audio');
  },
  'desk-waiting': async () => {
    await talkAtDesk();
    ring('leg-2', '14155550100');
  },
  'desk-next-chosen': () => talkAtDesk({ choice: 'away', reason: 'lunch' }),
  'desk-answered-by': async () => {
    feed.tell({ me, offer: offer() });
    ring('leg-1', '442038297050');
    await settled();
    const { from, call } = offer();
    const ended = {
      reservation: 'r1',
      call,
      from,
      as: 'rescinded',
      by: 'another agent',
      at: Date.now(),
    } as const;
    feed.tell({ offer: null, lastOffer: { ...ended, answeredBy: 'Bob' } });
  },
  'desk-wrap-up': async () => {
    await talkAtDesk();
    phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    const wrapUp = {
      call: 'call-1',
      from: '447700900000',
      until: inSeconds(24),
      extended: false,
      ended: 'caller left',
      note: null,
    } as const;
    feed.tell({ me: { ...me, load: 'wrap-up' }, call: null, wrapUp });
  },
  'desk-wrap-up-idle': async () => {
    const wrapUp = {
      call: 'call-1',
      from: '447700900000',
      until: inSeconds(24),
      extended: true,
      ended: 'caller left',
      note: null,
    } as const;
    feed.tell({ me: { ...me, load: 'wrap-up' }, wrapUp });
  },
  reconnecting: () => phone.say({ type: 'session-reconnecting' }),
  ringing: () => ring(),
  anonymous: () => ring('leg-1', ''),
  joining: async () => {
    phone.hold('answer');
    await talk();
  },
  'in-call': talk,
  muted: async () => {
    await talk();
    agent.calls.dispatch({ type: 'toggle-mute' });
    phone.say({ type: 'mute-changed', callId: 'leg-1', muted: true });
  },
  keypad: async () => {
    await talk();
    press(strings.value.actions.keypad);
    await settled();
    for (const key of ['4', '2', '0']) {
      press(key);
    }
  },
  waiting: async () => {
    await talk();
    ring('leg-2', '14155550100');
    ring('leg-3', '34912345678');
  },
  'ringing-waiting': () => {
    ring();
    ring('leg-2', '14155550100');
  },
  'rejoinable-waiting': () => ring('leg-2', '14155550100'),
  'microphone-lost': async () => {
    await talk();
    fakeMicrophone.refuse = true;
    phone.microphoneWorks(false);
  },
  'audio-lost': async () => {
    await talk();
    phone.say({ type: 'media-lost', callId: 'leg-1' });
  },
  'ended-caller': async () => {
    await talk();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
  },
  'ended-lost': async () => {
    await talk();
    phone.say({ type: 'over', callId: 'leg-1', reason: 'connection-lost' });
  },
  history: async () => {
    const ends = ['answered-elsewhere', 'caller-gave-up', 'nobody-answered'] as const;
    for (const [index, reason] of ends.entries()) {
      ring(`leg-h${index}`, index === 1 ? '' : '447700900123');
      phone.say({ type: 'over', callId: `leg-h${index}`, reason });
    }
    await talk();
    phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    document.querySelector('details')?.setAttribute('open', '');
  },
  'not-answered': async () => {
    ring();
    microphone.state.value = 'refused';
    fakeMicrophone.refuse = true;
    agent.calls.dispatch({ type: 'answer' });
    await settled();
  },
  'mic-refused': () => {
    microphone.state.value = 'refused';
  },
  'mic-listening': () => {
    microphone.state.value = 'listening';
    microphone.level.value = 0.62;
  },
  'mic-unknown': () => {
    microphone.state.value = 'unknown';
  },
  'mic-refused-ringing': () => {
    microphone.state.value = 'refused';
    ring();
  },
};

const forgetful = { getItem: () => null, setItem: () => {} };
const { language, locale, strings } = chooseLanguage(
  { en, es },
  forgetful,
  [query.get('language') ?? 'en-GB'],
  document.documentElement,
);
const theme = createTheme(forgetful, document.documentElement);
theme.value = query.get('theme') === 'dark' ? 'dark' : 'light';

const request = query.has('unanswered') ? createFakeRequest({}) : createFakeRequest();
const panes = createPanes();
const pane = query.get('pane');
if (pane === 'caller' || pane === 'lists') {
  panes.shown.value = pane;
}
const root = document.querySelector('#page');
if (root) {
  const lastAgent = { read: () => '', write: () => {} };
  const notifications = { permission: signal<NotificationPermission>('default'), ask: async () => {} };
  const copy = (text: string) => navigator.clipboard.writeText(text);
  render(
    <Page
      value={{
        agent,
        strings,
        language,
        locale,
        theme,
        sound,
        microphone,
        devices,
        notifications,
        lastAgent,
        panes,
        request,
        otherTab: { mirror, takeOver: () => {} },
        copy,
      }}
    >
      <AgentPage />
    </Page>,
    root,
  );
}
await settled();
await after[state]?.();
await settled();
document.documentElement.dataset.settled = 'yes';
