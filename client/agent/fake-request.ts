import type { CallerCard } from '../../domain/api/contacts-api.ts';
import type { DeskOptions, VoicemailView } from '../../domain/api/desk-api.ts';
import type { CallbackView, HistoryItem, HistoryPage } from '../../domain/api/history-api.ts';
import { ApiCallError, type Request } from '../session/request.ts';
import { fakeView } from './fake-agent.ts';

const ago = (minutes: number) => Date.now() - minutes * 60_000;

/** A call that Alice took. */
export function fakeItem(change: Partial<HistoryItem> = {}): HistoryItem {
  return {
    call: 'call-1',
    agent: 'Alice',
    at: ago(20),
    direction: 'inbound',
    isCallback: false,
    number: '447700900123',
    contact: null,
    to: '442038297050',
    queue: 'Sales',
    outcome: 'answered',
    exit: 'completed',
    answeredBy: 'Alice',
    hungUpBy: 'caller',
    transferred: false,
    waited: 12,
    talked: 187,
    voicemail: null,
    wrapUp: null,
    ...change,
  };
}

export function fakeCard(change: Partial<CallerCard> = {}): CallerCard {
  return {
    number: '447700900000',
    formatted: '+44 7700 900000',
    country: 'GB',
    countryName: 'United Kingdom',
    contact: {
      number: '447700900000',
      name: 'Ada Lovelace',
      company: 'Analytical Engines Ltd',
      link: 'https://crm.example.com/ada',
      changedBy: 'Bob',
      changedAt: ago(900),
    },
    link: 'https://crm.example.com/ada',
    lastNote: {
      id: 1,
      text: 'Prefers mornings. Waits for the quote of 12 November.',
      by: 'Bob',
      at: ago(2_000),
      call: null,
    },
    lastCalls: [
      fakeItem({ call: 'c1', at: ago(2_000), wrapUp: { outcome: 'Quote sent', note: 'Wants 40 licences' } }),
      fakeItem({
        call: 'c2',
        at: ago(4_400),
        outcome: 'missed',
        talked: null,
        hungUpBy: null,
        answeredBy: null,
      }),
    ],
    ...change,
  };
}

const history: HistoryPage = {
  items: [
    fakeItem({ call: 'h1', at: ago(4), outcome: 'missed', talked: null, answeredBy: null, hungUpBy: null }),
    fakeItem({
      call: 'h2',
      at: ago(26),
      number: '447700900000',
      contact: { name: 'Ada Lovelace', company: null },
      wrapUp: { outcome: 'Quote sent', note: 'Wants 40 licences by Friday' },
    }),
    fakeItem({
      call: 'h3',
      at: ago(55),
      outcome: 'declined',
      talked: null,
      answeredBy: 'Bob',
      number: '34912345678',
    }),
    fakeItem({
      call: 'h4',
      at: ago(80),
      outcome: 'caller-hung-up',
      talked: null,
      answeredBy: null,
      number: null,
    }),
    fakeItem({ call: 'h5', at: ago(1_500), direction: 'outbound', number: '14155550100', hungUpBy: 'agent' }),
    fakeItem({ call: 'h6', at: ago(5_000), outcome: 'answered-elsewhere', talked: null, answeredBy: 'Bob' }),
  ],
  next: 'more',
  missed: 1,
};

const voicemails: VoicemailView[] = [
  {
    id: 'v1',
    call: 'call-7',
    from: '447700900123',
    queue: 'Sales',
    receivedAt: ago(35),
    seconds: 23,
    audio: 'api/voicemails/v1/audio',
    isMissing: false,
    transcript: 'Hello, this is about order 1842. Please call me back before four.',
    heardBy: null,
  },
  {
    id: 'v2',
    call: 'call-8',
    from: '34912345678',
    queue: 'Support',
    receivedAt: ago(1_600),
    seconds: 8,
    audio: null,
    isMissing: true,
    transcript: null,
    heardBy: 'Bob',
  },
];

const callbacks: CallbackView[] = [
  {
    id: 'cb1',
    number: '447700900123',
    contact: { name: 'Charles Babbage', company: null },
    queue: 'Sales',
    since: ago(48),
    tries: 1,
    nextTry: ago(-9),
    state: 'waiting',
    agent: null,
  },
];

const options: DeskOptions = {
  phrases: [{ name: 'moment', text: 'One moment, please.' }],
  queues: [{ name: 'Sales', mayRecord: true }],
  outcomes: ['Quote sent', 'Order', 'Question answered'],
  mayDial: true,
};

const agents = [
  fakeView,
  { ...fakeView, name: 'Bob' },
  { ...fakeView, name: 'Carol', load: 'talking' as const },
  { ...fakeView, name: 'Dan', choice: 'away' as const, reason: 'lunch' },
];

/** What a server answers where something is stored of everything, by method and path. */
export const fakeAnswers: Record<string, unknown> = {
  'GET api/callers': fakeCard(),
  'GET api/history': history,
  'POST api/history/seen': { missed: 0 },
  'GET api/voicemails': voicemails,
  'GET api/callbacks': callbacks,
  'GET api/session': {},
  'GET api/legs': {
    now: Date.now(),
    webhooks: [
      { status: 'ringing', at: Date.now() + 120 },
      { status: 'completed', at: Date.now() + 900 },
    ],
    called: null,
  },
  'GET api/desk/calls/h1/rings': [
    {
      reservation: 'r0',
      agent: 'Alice',
      as: 'timeout',
      endedAt: ago(4),
      links: ['webhook', 'answer', 'offer', 'request', 'leg', 'invite', 'ring'].map((name) => ({
        name,
        at: ago(4),
      })),
      broken: 'ring',
      reason: null,
      sound: 'blocked',
      tab: 'hidden',
      notice: 'off',
      presence: null,
    },
  ],
  'GET api/desk/options': options,
  'GET api/desk': {
    agents,
    queues: [
      { name: 'Sales', waiting: 2, longestWaitSeconds: 40, isOpen: true },
      { name: 'Night', waiting: 0, longestWaitSeconds: 0, isOpen: false },
    ],
    calls: [],
  },
};

/** A server behind the panes. The longest path that a request begins with decides the answer. */
export function createFakeRequest(
  answers: Record<string, unknown> = fakeAnswers,
  asked: (what: string, body: unknown) => void = () => {},
): Request {
  const known = Object.keys(answers).sort((a, b) => b.length - a.length);
  return async (path, { method = 'GET', body } = {}) => {
    const what = `${method} ${path}`;
    asked(what, body);
    const found = known.find((one) => what.startsWith(one));
    if (found === undefined) {
      throw new ApiCallError('unreachable', `No answer to ${what}.`);
    }
    const answer = answers[found];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
}
