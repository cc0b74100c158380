import { type Signal, signal } from '@preact/signals';
import type { SessionState, TokenGrant } from '../../domain/api/page-api.ts';
import { type Agent, type AgentOptions, createAgent } from './agent.ts';
import type { Api } from './api.ts';
import { createCallMemory, type RememberedCall } from './call-memory.ts';
import { createFakePhone, type FakePhone } from './fake-phone.ts';
import { MicrophoneError } from './microphone.ts';
import { createRecentMemory } from './recent-memory.ts';

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
  /** What the agent does. */
  press: Record<'answer' | 'reject' | 'hangUp' | 'mute' | 'rejoin', () => void>;
}

export const fakeSession: SessionState = {
  agent: 'Alice',
  agents: ['Alice'],
  signIn: 'automatic',
  number: '442038297050',
  phoneUrl: 'http://127.0.0.1/phone',
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
  };
}

/** What a test may want otherwise than a fake agent has it. */
export interface FakeAgentChanges extends Partial<AgentOptions> {
  phone?: FakePhone;
  /** What the browser remembers, for tests that reload the page. */
  storage?: Map<string, string>;
  /** What this tab alone remembers, for tests that reload it. */
  tabStorage?: Map<string, string>;
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
  const agent = createAgent({
    loadPhone: async () => phone.kit,
    memoryOf: (name) => ({
      call: createCallMemory(storage, tabStorage, name),
      recent: createRecentMemory(storage, name, (_key, look) => {
        watchers.add(look);
        return () => void watchers.delete(look);
      }),
    }),
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
  return { agent, phone, ringing, microphone, plug, stored, chosen, hints: () => hints, press };
}

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
