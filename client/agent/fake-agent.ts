import { type Signal, signal } from '@preact/signals';
import type { AgentDesk, AgentView, PresenceReport } from '../../domain/api/desk-api.ts';
import type { SessionState, TokenGrant } from '../../domain/api/page-api.ts';
import { type Agent, type AgentOptions, createAgent } from './agent.ts';
import type { Api } from './api.ts';
import { createCallMemory, type RememberedCall } from './call-memory.ts';
import type { DeskSurroundings } from './desk.ts';
import type { FeedSource } from './desk-feed.ts';
import { createFakePhone, type FakePhone } from './fake-phone.ts';
import { MicrophoneError, type MicrophoneState } from './microphone.ts';
import { createRecentMemory } from './recent-memory.ts';
import type { SoundState } from './sound.ts';

export interface FakeAgent {
  agent: Agent;
  phone: FakePhone;
  /** Calls that ring now. */
  ringing: Set<string>;
  /** Microphones that are open now; `refuse` lets opening them fail. */
  microphone: { open: number; refuse: boolean };
  chosen: Record<'microphone' | 'speaker', Signal<string>>;
  /** A device came or went. */
  plug: () => void;
  /** Another tab stored something. */
  stored: () => void;
  hints: () => number;
  /** The desk's feed. */
  feed: FakeFeed;
  /** What the agent does. */
  press: Record<'answer' | 'reject' | 'hangUp' | 'mute' | 'rejoin', () => void>;
}

export const fakeSession: SessionState = {
  agent: 'Alice',
  roles: ['agent', 'supervisor', 'developer'],
  agents: ['Alice'],
  routing: 'direct',
  signIn: 'automatic',
  number: '442038297050',
  phoneUrl: 'http://127.0.0.1/phone',
};

/** What a call shows that nobody controls: one agent and the caller talk. */
export const plainCall = {
  role: 'agent',
  heldSince: null,
  holdWarning: null,
  consult: null,
  transfer: null,
  members: [],
  recording: null,
  failure: null,
} as const;

/** What a desk knows of an agent who is there and free. */
export const fakeView: AgentView = {
  name: 'Alice',
  choice: 'available',
  reason: null,
  next: null,
  line: 'up',
  load: 'free',
  since: 0,
};

export const fakeGrant: TokenGrant = {
  token: 'token-1',
  agent: 'Alice',
  expiresIn: 900,
  sdk: { region: 'EU' },
};

/** A server where everything goes well. */
export function createFakeApi(): Api {
  return {
    session: async () => fakeSession,
    signIn: async () => fakeSession,
    signOut: async () => {},
    token: async () => fakeGrant,
    outbound: async (text) => {
      const number = text.replace(/\D/g, '');
      return { allowed: true, number, formatted: null, country: null, reason: null, words: null };
    },
    beat: async () => ({ leaseSeconds: 9, leader: true }),
    choose: async ({ choice, reason }) => ({ ...fakeView, choice, reason }),
    wrapUp: async () => fakeView,
    control: async () => {},
    report: async () => {},
    hangUpMeant: async () => {},
  };
}

/** What a test may want otherwise than a fake agent has it. */
export interface FakeAgentChanges extends Partial<AgentOptions> {
  phone?: FakePhone;
  /** What the browser remembers, for tests that reload the page. */
  storage?: Map<string, string>;
  /** What this tab alone remembers, for tests that reload it. */
  tabStorage?: Map<string, string>;
  /** Hears what a page says to a desk that is being left. */
  leaving?: (report: PresenceReport) => void;
  /** What a desk is told about sound and microphone. */
  devicesState?: Pick<DeskSurroundings, 'sound' | 'microphone'>;
  /** A call that Alice was in a moment ago. */
  interrupted?: RememberedCall;
}

/** An agent without a platform, a server and a browser. */
export function createFakeAgent(changes: FakeAgentChanges = {}): FakeAgent {
  const phone = changes.phone ?? createFakePhone();
  const storage = storageOf(changes.storage);
  const tabStorage = storageOf(changes.tabStorage);
  const watchers = new Set<() => void>();
  const ringing = new Set<string>();
  const chosen = { microphone: signal(''), speaker: signal('') };
  const devices = new Set<() => void>();
  const microphone = { open: 0, refuse: false };
  let hints = 0;
  if (changes.interrupted) {
    createCallMemory(storage, tabStorage, 'Alice').keep(changes.interrupted);
  }
  const api = changes.api ?? createFakeApi();
  const feed = createFakeFeed();
  const agent = createAgent({
    loadPhone: async () => phone.kit,
    memoryOf: (name) => ({
      call: createCallMemory(storage, tabStorage, name),
      recent: createRecentMemory(storage, name, (_key, look) => {
        watchers.add(look);
        return () => void watchers.delete(look);
      }),
    }),
    desk: {
      tab: 'tab-1',
      ...(changes.devicesState ?? {
        sound: signal<SoundState>('on'),
        microphone: signal<MicrophoneState>('ready'),
      }),
      every: (ms, run) => {
        const timer = setInterval(run, ms);
        return () => clearInterval(timer);
      },
      connect: feed.connect,
      sendLast: changes.leaving ?? (() => {}),
      isHidden: () => false,
      notice: () => undefined,
    },
    tabs: { claim: async () => true, takeOver: () => {}, leave: () => {}, sessionChanged: () => {} },
    async holdMicrophone() {
      if (microphone.refuse) {
        throw new MicrophoneError('refused', 'refused');
      }
      microphone.open += 1;
      return {
        track: fakeTrack(),
        release: () => {
          microphone.open -= 1;
        },
      };
    },
    onDevices(look) {
      devices.add(look);
      return () => void devices.delete(look);
    },
    chosen,
    volume: signal(1),
    name: null,
    ringLimitMs: 65_000,
    pressStartedAt: Date.now,
    ring(call) {
      ringing.add(call.id);
      return () => void ringing.delete(call.id);
    },
    hint: () => {
      hints += 1;
    },
    isOnline: () => true,
    random: () => 1,
    ...changes,
    api,
  });
  const { dispatch } = agent.calls;
  const press = {
    answer: () => dispatch({ type: 'answer' }),
    reject: () => dispatch({ type: 'reject', at: Date.now() }),
    hangUp: () => dispatch({ type: 'hang-up', at: Date.now() }),
    mute: () => dispatch({ type: 'toggle-mute' }),
    rejoin: () => dispatch({ type: 'rejoin' }),
  };
  const runAll = (looks: Iterable<() => void>) => () => {
    for (const look of looks) {
      look();
    }
  };
  const [plug, stored] = [runAll(devices), runAll(watchers)];
  return { agent, phone, ringing, microphone, plug, stored, chosen, hints: () => hints, feed, press };
}

/** The other end of the desk's feed. */
export interface FakeFeed {
  connect: (path: string) => FeedSource;
  /** What was connected to, in order. */
  paths: string[];
  /** The desk tells the page about its agent. */
  tell(change?: Partial<AgentDesk>): void;
  send(data: string): void;
  break(): void;
}

function createFakeFeed(): FakeFeed {
  const paths: string[] = [];
  let source: EventTarget & { isOpen: boolean } = Object.assign(new EventTarget(), { isOpen: false });
  let desk: AgentDesk = {
    now: 0,
    me: fakeView,
    offer: null,
    call: null,
    wrapUp: null,
    lastOffer: null,
    lastFailure: null,
  };
  const send = (data: string) => {
    if (source.isOpen) {
      source.dispatchEvent(new MessageEvent('desk', { data }));
    }
  };
  return {
    paths,
    connect(path) {
      paths.push(path);
      const opened = Object.assign(new EventTarget(), {
        isOpen: true,
        close() {
          opened.isOpen = false;
        },
      });
      source = opened;
      return opened;
    },
    tell(change = {}) {
      desk = { ...desk, now: Date.now(), ...change };
      send(JSON.stringify(desk));
    },
    send,
    break: () => void source.dispatchEvent(new Event('error')),
  };
}

/** The server of a team. */
export const deskSession: SessionState = {
  ...fakeSession,
  agents: ['Alice', 'Bob'],
  called: true,
  routing: 'desk',
};

function storageOf(map = new Map<string, string>()) {
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

/** A track that is never muted, and nothing else. */
export function fakeTrack(): MediaStreamTrack {
  const track: MediaStreamTrack = Object.create({});
  return Object.assign(track, { muted: false });
}
