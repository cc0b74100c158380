import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentDesk, OfferView, PageReport, PresenceReport } from '../../domain/api/desk-api.ts';
import type { EndedOffer } from '../../domain/desk/desk.ts';
import { ApiCallError } from '../session/request.ts';
import { en } from '../strings/en.ts';
import {
  createFakeAgent,
  createFakeApi,
  deskSession,
  type FakeAgent,
  type FakeAgentChanges,
  fakeView,
  plainCall,
} from './fake-agent.ts';
import { readinessOf, statusOf } from './status-words.ts';

const OURS = '442038297050';
const CALLER = '447700900123';

let page: FakeAgent;
let beats: PresenceReport[];
let asked: unknown[];
let reports: PageReport[];
let leader: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  beats = [];
  asked = [];
  reports = [];
  leader = true;
});

afterEach(() => {
  page.agent.close();
  vi.useRealTimers();
});

/** Lets milliseconds pass, and every promise that is due settle. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const phase = () => page.agent.calls.phase.peek();
const status = () =>
  statusOf(en, phase(), readinessOf(page.agent, { state: signal('ready') }), page.agent.nameOf).words;

function deskApi() {
  return {
    ...createFakeApi(),
    session: async () => deskSession,
    async beat(report: PresenceReport) {
      beats.push(report);
      return { leaseSeconds: 9, leader };
    },
    async hangUpMeant(report: object) {
      asked.push(report);
    },
    async report(report: PageReport) {
      reports.push(report);
    },
    async choose(chosen: object) {
      asked.push(chosen);
      return fakeView;
    },
  };
}

async function open(changes: FakeAgentChanges = {}): Promise<void> {
  page = createFakeAgent({ api: deskApi(), ...changes });
  await pass();
  page.feed.tell();
}

function offer(change: Partial<OfferView> = {}): OfferView {
  return {
    id: 'r1',
    role: 'agent',
    kind: 'inbound',
    by: null,
    call: 'caller-leg',
    from: CALLER,
    to: OURS,
    queue: 'main',
    waitingSince: Date.now() - 12_000,
    until: Date.now() + 20_000,
    why: { candidates: [], passedOver: [] },
    ...change,
  };
}

function ended(change: Partial<EndedOffer>): Partial<AgentDesk> {
  const lastOffer: EndedOffer = {
    reservation: 'r1',
    call: 'caller-leg',
    from: CALLER,
    as: 'rescinded',
    by: null,
    answeredBy: null,
    at: Date.now(),
    ...change,
  };
  return { offer: null, lastOffer };
}

const inCall = (change: Partial<NonNullable<AgentDesk['call']>> = {}): Partial<AgentDesk> => ({
  me: { ...fakeView, load: 'talking' },
  offer: null,
  call: {
    id: 'caller-leg',
    from: CALLER,
    queue: 'main',
    state: 'talking',
    agent: 'Alice',
    since: Date.now(),
    kind: 'inbound',
    callerHears: 'agent',
    reservation: 'r1',
    ...plainCall,
    ...change,
  },
});

/** The desk offers a call, and the platform lets it ring with our own number. */
function ring(leg = 'leg-1', change?: Partial<OfferView>): void {
  page.feed.tell({ offer: offer(change) });
  page.phone.ring(leg, OURS);
}

async function talk(leg = 'leg-1'): Promise<void> {
  ring(leg);
  page.press.answer();
  await pass();
  page.feed.tell(inCall());
}

describe('a call whose end the platform never told', () => {
  it('is over on the page once the desk has had no call for this agent for a while', async () => {
    await open();
    await talk();
    page.feed.tell({ me: { ...fakeView, load: 'wrap-up' }, call: null });
    await pass(2_900);
    expect(phase().name).toBe('in-call');
    await pass(200);
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'over' } });
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
  });

  it('goes on while the desk has yet to say that it knows of it, and where the desk finds it again', async () => {
    await open();
    ring();
    page.press.answer();
    await pass();
    page.feed.tell({ offer: null, call: null });
    await pass(5_000);
    expect(phase().name).toBe('in-call');
    page.feed.tell(inCall());
    page.feed.tell({ call: null });
    await pass(2_000);
    page.feed.tell(inCall());
    await pass(5_000);
    expect(phase().name).toBe('in-call');
  });
});

describe('presence', () => {
  it('is told of what works, with the agent’s name where nobody signs in', async () => {
    await open();
    expect(beats.at(-1)).toEqual({
      agent: 'Alice',
      tab: 'tab-1',
      line: 'up',
      sound: 'on',
      microphone: 'ready',
    });
    expect(page.feed.paths).toEqual(['api/desk/feed?agent=Alice&tab=tab-1']);
    expect(status()).toBe('Lines are open for calls');
  });

  it('names nobody where agents sign in', async () => {
    await open({ api: { ...deskApi(), session: async () => ({ ...deskSession, signIn: 'code' }) } });
    expect(beats.at(-1)).not.toHaveProperty('agent');
    expect(page.feed.paths).toEqual(['api/desk/feed?tab=tab-1']);
  });

  it('begins with the line down, and is down again while the session is lost', async () => {
    await open();
    expect(beats[0]).toMatchObject({ line: 'down' });
    page.phone.say({ type: 'session-reconnecting' });
    await pass();
    expect(beats.at(-1)).toMatchObject({ line: 'down' });
  });

  it('is over at once when the page is left without a call, and a call is not given up by leaving it', async () => {
    const left: unknown[] = [];
    await open({ leaving: (report) => left.push(report) });
    page.agent.leave();
    expect(left).toEqual([expect.objectContaining({ agent: 'Alice', tab: 'tab-1', line: 'down' })]);
    ring();
    page.agent.leave();
    page.press.answer();
    await pass();
    page.agent.leave();
    expect(left).toHaveLength(1);
  });

  it('is not told by a tab that follows', async () => {
    await open({ tabs: { claim: async () => false, takeOver() {}, leave() {}, sessionChanged() {} } });
    expect(beats).toEqual([]);
    expect(page.feed.paths).toHaveLength(1);
  });

  it('is absent without a desk', async () => {
    await open({ api: { ...deskApi(), session: async () => ({ ...deskSession, routing: 'direct' }) } });
    await pass(10_000);
    expect([beats, page.feed.paths]).toEqual([[], []]);
  });

  it('a page that is passed over rings only when it leads', async () => {
    leader = false;
    await open();
    ring();
    expect([phase().name, page.ringing.size]).toEqual(['idle', 0]);
    await pass(10_000);
    expect(status()).toBe('Calls are handled in another browser');
    leader = true;
    await pass(3_000);
    expect(status()).toBe('Incoming call from +44 7700 900123');
  });
});

describe('"Lines are open" is not said', () => {
  it.each<[string, string, Partial<AgentDesk['me']>]>([
    ['away', 'Away', { choice: 'away' }],
    ['away for a reason', 'Away: lunch', { choice: 'away', reason: 'lunch' }],
    ['offline by choice', 'Offline by choice', { choice: 'offline' }],
    ['in wrap-up', 'Wrap-up', { load: 'wrap-up' }],
  ])('%s', async (_name, words, me) => {
    await open();
    page.feed.tell({ me: { ...fakeView, ...me } });
    expect(status()).toBe(words);
  });

  it.each([
    ['unknown', 'Not ready: test your microphone first'],
    ['asking', 'Not ready: test your microphone first'],
  ] as const)('with a microphone that is %s', async (microphone, words) => {
    await open({ devicesState: { sound: signal('on'), microphone: signal(microphone) } });
    expect(status()).toBe(words);
  });

  it('without anything to sound on', async () => {
    await open({ devicesState: { sound: signal('none'), microphone: signal('ready') } });
    expect(status()).toBe('Not ready: no sound output found');
  });

  it('before the desk has said anything', async () => {
    page = createFakeAgent({ api: deskApi() });
    await pass();
    expect(status()).toBe('Connecting to the desk…');
  });

  it('when the desk does not hear the page', async () => {
    const api = deskApi();
    await open({ api });
    api.beat = () => Promise.reject(new Error('No answer.'));
    page.agent.desk.wake();
    await pass(9_000);
    expect(status()).toBe('Reconnecting: calls may not reach you');
  });
});

describe('an offer', () => {
  beforeEach(() => open());

  it('gives the caller to a call that rings with our own number', () => {
    ring();
    expect(status()).toBe('Incoming call from +44 7700 900123');
    expect(page.agent.offers.of('leg-1')).toMatchObject({ queue: 'main', to: OURS });
  });

  it('tells when it stops ringing as soon as that is known', () => {
    ring('leg-1', { until: null });
    expect(page.agent.offers.of('leg-1')?.until).toBe(null);
    page.feed.tell({ offer: offer() });
    expect(page.agent.offers.of('leg-1')?.until).toBe(Date.now() + 20_000);
    page.feed.tell({ offer: null });
    expect(page.agent.offers.of('leg-1')).toMatchObject({ from: CALLER });
  });

  it('that comes after the call names the caller then, and never our own number', () => {
    page.phone.ring('leg-1', OURS);
    expect(status()).toBe('Incoming call from an unknown number');
    page.feed.tell({ offer: offer() });
    expect(status()).toBe('Incoming call from +44 7700 900123');
    expect(page.ringing).toEqual(new Set(['leg-1']));
  });

  it('belongs to the call that rings, not to one before it', () => {
    ring();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-gave-up' });
    page.phone.ring('leg-2', OURS);
    expect(status()).toBe('Incoming call from an unknown number');
    page.feed.tell({ offer: offer({ id: 'r2', from: '447700900999' }) });
    expect(status()).toBe('Incoming call from +44 7700 900999');
  });

  it('keeps the caller in the call, after it and among the recent calls', async () => {
    await talk();
    expect(status()).toBe('In call with +44 7700 900123');
    page.press.hangUp();
    expect(page.agent.recent.value[0]).toMatchObject({ call: { from: CALLER }, reason: 'you-hung-up' });
  });

  it('of a caller without a number is from an unknown one', () => {
    ring('leg-1', { from: null });
    expect(status()).toBe('Incoming call from an unknown number');
  });

  it('is known in this computer’s time', () => {
    page.feed.tell({ now: Date.now() - 3_600_000, offer: offer({ waitingSince: Date.now() - 3_612_000 }) });
    page.phone.ring('leg-1', OURS);
    expect(page.agent.offers.of('leg-1')?.waitingSince).toBe(Date.now() - 12_000);
  });
});

describe('what the page tells of an offer', () => {
  it('is that it arrived and that it rang, once each', async () => {
    await open();
    page.feed.tell({ offer: offer() });
    page.phone.ring('leg-1', '442038297050');
    await pass();
    page.feed.tell({ offer: offer({ until: Date.now() + 20_000 }) });
    await pass();
    const { call } = offer();
    expect(reports).toEqual([
      { agent: 'Alice', call, fact: 'invited' },
      { agent: 'Alice', call, fact: 'rang', sound: 'played', tab: 'visible' },
    ]);
  });
});

describe('the end of an offer', () => {
  beforeEach(async () => {
    await open();
    ring();
  });

  it.each<[string, Partial<EndedOffer>]>([
    ['answered by Bob', { by: 'another agent', answeredBy: 'Bob' }],
    ['answered elsewhere', { by: 'another agent' }],
    ['missed, caller hung up', { by: 'caller' }],
    ['you changed your status', { by: 'choice' }],
    ['connection lost', { by: 'line' }],
    ['missed', { as: 'timeout' }],
    ['declined elsewhere', { as: 'rejected' }],
  ])('stops the ringing before the platform does, and says why: %s', (words, how) => {
    page.feed.tell(ended(how));
    expect(status()).toBe(`Call ended: ${words}`);
    expect(page.ringing.size).toBe(0);
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-gave-up' });
    expect(status()).toBe(`Call ended: ${words}`);
  });

  it('is explained after the platform has told of it, on the page and in the list', () => {
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-gave-up' });
    expect(status()).toBe('Call ended: missed, caller hung up');
    page.feed.tell(ended({ by: 'another agent', answeredBy: 'Bob' }));
    expect(status()).toBe('Call ended: answered by Bob');
    expect(page.agent.recent.value).toMatchObject([{ reason: 'answered-elsewhere', answeredBy: 'Bob' }]);
  });

  it('after the agent’s own button needs no explanation', () => {
    page.press.reject();
    page.feed.tell(ended({ as: 'rejected' }));
    expect(status()).toBe('Call ended: declined');
  });

  it('of which the platform says it better is left to the platform', () => {
    page.feed.tell(ended({ as: 'canceled' }));
    expect(phase().name).toBe('ringing');
  });

  it('tells an agent who answered too late who was faster, and leaves the leg', async () => {
    page.press.answer();
    await pass();
    page.feed.tell(ended({ by: 'another agent', answeredBy: 'Bob' }));
    expect(status()).toBe('Call ended: answered by Bob');
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
  });

  it.each([true, false])(
    'tells that the caller has gone who did not wait for the answer (%s)',
    async (isDeskFirst) => {
      page.press.answer();
      await pass();
      const told = () => page.feed.tell(ended({ by: 'caller' }));
      const over = () => page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
      for (const happens of isDeskFirst ? [told, over] : [over, told]) {
        happens();
      }
      expect(status()).toBe('Call ended: the caller has gone');
    },
  );
});

describe('hanging up on purpose', () => {
  it('is told to the desk first', async () => {
    await open();
    await talk();
    page.press.hangUp();
    expect(asked).toEqual([{ agent: 'Alice', call: 'caller-leg' }]);
    expect(page.phone.asked).not.toContain('hangUp leg-1');
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
  });

  it('asks the platform for nothing more where the desk has ended the call meanwhile', async () => {
    const said = Promise.withResolvers<void>();
    await open({ api: { ...deskApi(), hangUpMeant: () => said.promise } });
    await talk();
    page.press.hangUp();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    said.resolve();
    await pass(1_000);
    expect(page.phone.asked.at(-1)).toBe('answer leg-1');
    expect(status()).toBe('Call ended: you hung up');
  });

  it('is told again until the desk can take it, and no longer', async () => {
    let isAway = true;
    const tries: object[] = [];
    await open({
      api: {
        ...deskApi(),
        async hangUpMeant(report) {
          tries.push(report);
          if (isAway) throw new ApiCallError('internal', 'The store is away.');
        },
      },
    });
    await talk();
    page.press.hangUp();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
    await pass(5_000);
    expect(tries.length).toBeGreaterThan(3);
    isAway = false;
    await pass(1_000);
    const { length } = tries;
    await pass(60_000);
    expect(tries).toHaveLength(length);
    expect(new Set(tries.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('is not told again once the desk says something else of the call', async () => {
    let tries = 0;
    await open({
      api: {
        ...deskApi(),
        async hangUpMeant() {
          tries += 1;
          throw new ApiCallError('unreachable', 'No answer.');
        },
      },
    });
    await talk();
    page.press.hangUp();
    await pass(1_500);
    page.feed.tell(inCall({ reservation: 'r2' }));
    const before = tries;
    await pass(60_000);
    expect([before, tries]).toEqual([2, 2]);
  });

  it('waits no longer than 300 ms for the desk', async () => {
    await open({ api: { ...deskApi(), hangUpMeant: () => new Promise(() => {}) } });
    await talk();
    page.press.hangUp();
    await pass(299);
    expect(page.phone.asked).not.toContain('hangUp leg-1');
    await pass(1);
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-1');
  });
});

describe('a status', () => {
  beforeEach(() => open());

  it('is chosen for now, or in a call for after it', async () => {
    void page.agent.desk.choose('away', 'lunch');
    await talk();
    void page.agent.desk.choose('offline', null);
    expect(asked).toEqual([
      { agent: 'Alice', choice: 'away', reason: 'lunch' },
      { agent: 'Alice', choice: 'offline', reason: null, next: true },
    ]);
  });
});

describe('a conversation that breaks off', () => {
  const storage = new Map<string, string>();
  const tabStorage = new Map<string, string>();

  beforeEach(async () => {
    storage.clear();
    tabStorage.clear();
    await open({ storage, tabStorage });
    await talk();
    await pass(30_000);
  });

  async function reload(): Promise<void> {
    page.agent.remember();
    page.agent.close();
    await pass(2_000);
    await open({ storage, tabStorage });
  }

  it('by a reload goes on by itself when the desk brings the caller back', async () => {
    await reload();
    expect(status()).toBe('Reconnecting you to +44 7700 900123');
    ring('leg-2', { id: 'r2' });
    await pass();
    expect(page.phone.asked.at(-1)).toBe('answer leg-2');
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-2', from: CALLER } });
    expect(phase()).toMatchObject({ since: Date.now() - 32_000 });
    expect(page.ringing.size).toBe(0);
  });

  it('goes on as well where the offer comes after the call', async () => {
    await reload();
    page.phone.ring('leg-2', OURS);
    page.feed.tell({ offer: offer({ id: 'r2' }) });
    await pass();
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-2', from: CALLER } });
    expect(page.agent.calls.state.peek().waiting).toEqual([]);
  });

  it('is rejoined at once where the desk has not noticed', async () => {
    await reload();
    page.feed.tell(inCall());
    await pass();
    expect(page.phone.asked.at(-1)).toBe('rejoin leg-1');
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-1' } });
  });

  it('waits for the desk where it could not be rejoined', async () => {
    page.agent.remember();
    page.agent.close();
    await open({ storage, tabStorage });
    page.phone.refuse('rejoin');
    page.feed.tell(inCall());
    await pass();
    expect(status()).toBe('Reconnecting you to +44 7700 900123');
    page.feed.tell({ call: null, me: fakeView });
    ring('leg-2', { id: 'r2' });
    await pass();
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-2' } });
  });

  it('is lost where nobody comes back within 20 s', async () => {
    await reload();
    await pass(18_000);
    expect(status()).toBe('Call ended: connection lost');
    await pass();
    expect(page.phone.asked.filter((one) => one.startsWith('leave'))).toEqual([]);
  });

  it('rings as any other where the microphone does not open', async () => {
    await reload();
    page.microphone.refuse = true;
    ring('leg-2', { id: 'r2' });
    await pass();
    expect(phase()).toMatchObject({ name: 'ringing', call: { id: 'leg-2' }, microphoneError: 'refused' });
  });

  it('on the way goes on when the caller is offered again', async () => {
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    page.feed.tell({ call: null, me: fakeView });
    ring('leg-2', { id: 'r2' });
    await pass();
    expect(phase()).toMatchObject({ name: 'in-call', call: { id: 'leg-2' } });
  });

  it('because the agent hung up does not answer by itself', async () => {
    page.press.hangUp();
    await pass();
    ring('leg-2', { id: 'r2' });
    await pass();
    expect(phase()).toMatchObject({ name: 'ringing', call: { id: 'leg-2' } });
  });

  it('does not answer another caller by itself', async () => {
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    ring('leg-2', { id: 'r2', call: 'other-leg' });
    await pass();
    expect(phase().name).toBe('ringing');
  });
});

describe('a call that the platform ends as if the caller had hung up', () => {
  it.each([
    ['transferred', 'Call ended: you transferred it'],
    ['ended by the desk', 'Call ended: the line was closed'],
    ['caller left', 'Call ended: caller hung up'],
  ] as const)('is told as the desk knows it: %s', async (ended, words) => {
    await open();
    await talk();
    page.phone.say({ type: 'over', callId: 'leg-1', reason: 'caller-hung-up' });
    const until = Date.now() + 10_000;
    const wrapUp = { call: 'caller-leg', from: CALLER, until, extended: false, ended, note: null };
    page.feed.tell({ me: { ...fakeView, load: 'wrap-up' }, call: null, wrapUp });
    expect(status()).toBe(words);
  });
});

it('while the customer of a callback is called, the agent is in no call with her yet', async () => {
  await open();
  await talk();
  page.feed.tell(inCall({ kind: 'callback', state: 'dialing', callerHears: 'nothing' }));
  expect(status()).toBe('Calling +44 7700 900123…');
  page.feed.tell(inCall({ kind: 'callback', state: 'ringing', callerHears: 'nothing' }));
  expect(status()).toBe('Ringing at +44 7700 900123…');
  page.feed.tell(inCall({ kind: 'callback' }));
  expect(status()).toBe('In call with +44 7700 900123');
});

describe('a consulted agent', () => {
  const consult = (state: 'talking' | 'held') => ({
    with: { agent: 'Alice' },
    by: 'Bob',
    state,
    since: Date.now(),
  });

  it.each([
    ['talks to the one who asked her', { heldSince: 0, consult: consult('talking') }, 'In call with Bob'],
    [
      'waits while that one is back with the caller',
      { heldSince: null, consult: consult('held') },
      'On hold',
    ],
    [
      'talks to the caller in a conference',
      { heldSince: null, consult: consult('talking') },
      'In call with +44 7700 900123',
    ],
  ])('%s', async (_name, change, words) => {
    await open();
    await talk();
    page.feed.tell(inCall({ role: 'consult', ...change }));
    expect(status()).toBe(words);
  });
});
