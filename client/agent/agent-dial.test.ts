import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutboundCheck } from '../../domain/api/outbound-api.ts';
import { ApiCallError } from '../session/request.ts';
import {
  createFakeAgent,
  createFakeApi,
  deskSession,
  type FakeAgent,
  type FakeAgentChanges,
  fakeView,
  plainCall,
} from './fake-agent.ts';

const NUMBER = '447700900123';

let page: FakeAgent;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  page.agent.close();
  vi.useRealTimers();
});

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const phase = () => page.agent.calls.phase.peek();

async function open(changes: FakeAgentChanges = {}): Promise<void> {
  page = createFakeAgent(changes);
  await pass();
}

async function dial(number = `+${NUMBER}`): Promise<void> {
  void page.agent.dialler.dial(number);
  await pass();
}

const refusing = (check: Partial<OutboundCheck>) => ({
  api: {
    ...createFakeApi(),
    outbound: async () => ({
      ...{ allowed: false, number: null, formatted: null, country: null, reason: null, words: null },
      ...check,
    }),
  },
});

describe('a call that the agent dials', () => {
  it('is placed, rings, is answered, and is hung up; only the conversation counts', async () => {
    await open();
    await dial();
    expect(page.phone.asked).toContain(`dial ${NUMBER}`);
    expect(phase()).toMatchObject({
      name: 'in-call',
      call: { id: 'leg-dialled', from: NUMBER, progress: 'dialing' },
    });
    await pass(2_000);
    page.phone.say({ type: 'dial-progress', callId: 'leg-dialled', progress: 'ringing' });
    expect(phase()).toMatchObject({ call: { progress: 'ringing' } });
    await pass(5_000);
    page.phone.say({ type: 'dial-progress', callId: 'leg-dialled', progress: 'answered' });
    await pass(3_000);
    page.press.hangUp();
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-dialled');
    expect(page.agent.recent.value).toMatchObject([
      { call: { from: NUMBER, progress: 'answered' }, reason: 'you-hung-up', talked: 3_000 },
    ]);
  });

  it('ends without talk where nobody answers', async () => {
    await open();
    await dial();
    page.phone.say({ type: 'dial-progress', callId: 'leg-dialled', progress: 'ringing' });
    page.phone.say({ type: 'over', callId: 'leg-dialled', reason: 'caller-hung-up' });
    expect(page.agent.recent.value).toMatchObject([{ reason: 'no-answer', talked: null }]);
  });

  it('is hung up as soon as the platform has placed it, if the agent gave it up before', async () => {
    await open();
    page.phone.hold('dial');
    await dial();
    expect(phase()).toMatchObject({ name: 'joining', call: { progress: 'dialing' } });
    page.press.hangUp();
    await pass();
    expect(page.phone.asked.filter((asked) => asked.startsWith('hangUp'))).toEqual([]);
    page.phone.allow('dial');
    await pass();
    expect(page.phone.asked.at(-1)).toBe('hangUp leg-dialled');
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'you-hung-up' } });
  });

  it('is not placed where the platform refuses it', async () => {
    await open();
    page.phone.refuse('dial');
    await dial();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'not-placed', talked: null } });
  });

  it('is not placed without a microphone', async () => {
    await open();
    page.microphone.refuse = true;
    await dial();
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: 'no-microphone' } });
    expect(page.phone.asked).not.toContain(`dial ${NUMBER}`);
  });

  it('is one, however often the agent presses', async () => {
    await open();
    void page.agent.dialler.dial(NUMBER);
    void page.agent.dialler.dial(NUMBER);
    await pass();
    await dial();
    expect(page.phone.asked.filter((asked) => asked.startsWith('dial'))).toHaveLength(1);
  });

  it('is not begun while another call rings or goes on', async () => {
    await open();
    page.phone.ring('leg-1');
    expect(page.agent.dialler.isReady.value).toBe(false);
    await dial();
    page.press.answer();
    await pass();
    await dial();
    expect(page.phone.asked.filter((asked) => asked.startsWith('dial'))).toEqual([]);
  });

  it('lets another caller wait', async () => {
    await open();
    await dial();
    page.phone.ring('leg-1');
    expect(phase()).toMatchObject({ name: 'in-call' });
    expect(page.agent.calls.state.value.waiting).toMatchObject([{ id: 'leg-1' }]);
  });
});

describe('a number that may not be called', () => {
  it('is told with the reason, until another one is typed', async () => {
    await open(refusing({ reason: 'premium' }));
    await dial();
    expect(page.agent.dialler.problem.value).toBe('premium');
    expect(phase().name).toBe('idle');
    page.agent.dialler.forgetProblem();
    expect(page.agent.dialler.problem.value).toBeNull();
  });

  it('is not called while the server does not respond', async () => {
    const outbound = async () => Promise.reject(new ApiCallError('unreachable', 'gone'));
    await open({ api: { ...createFakeApi(), outbound } });
    await dial();
    expect(page.agent.dialler.problem.value).toBe('server');
    expect(page.agent.dialler.isAsking.value).toBe(false);
  });
});

describe('at a desk', () => {
  const call = {
    id: 'obleg-dialled',
    kind: 'outbound',
    from: NUMBER,
    queue: 'main',
    agent: 'Alice',
    since: 0,
    callerHears: 'nothing',
    reservation: 'r1',
    ...plainCall,
  } as const;
  const me = { ...fakeView, load: 'talking' } as const;
  let meant: string[];

  beforeEach(async () => {
    meant = [];
    const api = {
      ...createFakeApi(),
      session: async () => deskSession,
      hangUpMeant: async ({ call }: { call: string }) => void meant.push(call),
    };
    await open({ api });
    page.feed.tell();
    await dial();
  });

  it('the page follows what the desk knows of the phone', async () => {
    page.feed.tell({ me, call: { ...call, state: 'dialing' } });
    expect(phase()).toMatchObject({ name: 'in-call', call: { progress: 'dialing' } });
    page.feed.tell({ call: { ...call, state: 'ringing' } });
    expect(phase()).toMatchObject({ call: { progress: 'ringing' } });
    page.feed.tell({ call: { ...call, state: 'talking' } });
    expect(phase()).toMatchObject({ call: { progress: 'answered' } });
    page.press.hangUp();
    await pass();
    expect(meant).toEqual(['obleg-dialled']);
  });

  it.each([
    ['busy', 'busy'],
    ['declined', 'they-declined'],
    ['no answer', 'no-answer'],
    ['unreachable', 'not-reached'],
    ['not allowed', 'not-placed'],
    ['busy here', 'not-placed'],
  ] as const)('a call that the desk says is not answered (%s) ends so', async (reason, end) => {
    const at = Date.now();
    const lastFailure = { call: 'obleg-dialled', action: 'dial', reason, words: 'No.', at } as const;
    page.feed.tell({ me, call: { ...call, state: 'ended' }, lastFailure });
    expect(phase()).toMatchObject({ name: 'ended', ended: { reason: end, talked: null } });
    await pass(1_000);
    expect(page.phone.asked, 'the agent hears it, too').not.toContain('hangUp leg-dialled');
    page.phone.say({ type: 'over', callId: 'leg-dialled', reason: 'caller-hung-up' });
    expect(page.agent.recent.value).toMatchObject([{ reason: end }]);
  });

  it('a failure of another call ends nothing', () => {
    const at = Date.now();
    const lastFailure = { call: 'obleg-other', action: 'dial', reason: 'busy', words: 'No.', at } as const;
    page.feed.tell({ me, lastFailure });
    expect(phase().name).toBe('in-call');
  });
});
