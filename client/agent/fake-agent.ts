import type { SessionState, TokenGrant } from '../../domain/page-api.ts';
import { type Agent, type AgentOptions, createAgent } from './agent.ts';
import type { Api } from './api.ts';
import { createCallMemory } from './call-memory.ts';
import { createFakePhone, type FakePhone } from './fake-phone.ts';

export interface FakeAgent {
  agent: Agent;
  phone: FakePhone;
  api: Api;
  /** Calls that ring now. */
  ringing: Set<string>;
  /** Microphones that are open now; `refuse` lets opening them fail. */
  microphone: { open: number; refuse: boolean };
  hints: () => number;
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

/** An agent without a platform, a server and a browser. What a test changes it gives in `changes`. */
export function createFakeAgent(
  changes: Partial<AgentOptions> & { phone?: FakePhone; storage?: Map<string, string> } = {},
): FakeAgent {
  const phone = changes.phone ?? createFakePhone();
  const storage = changes.storage ?? new Map<string, string>();
  const ringing = new Set<string>();
  const microphone = { open: 0, refuse: false };
  let hints = 0;
  const api: Api = changes.api ?? {
    session: async () => fakeSession,
    signIn: async () => fakeSession,
    signOut: async () => {},
    token: async () => fakeGrant,
  };
  const agent = createAgent({
    loadPhone: async () => phone.kit,
    memory: createCallMemory({
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    }),
    async holdMicrophone() {
      if (microphone.refuse) {
        throw new Error('refused');
      }
      microphone.open += 1;
      return {
        release: () => {
          microphone.open -= 1;
        },
      };
    },
    name: null,
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
  return { agent, phone, api, ringing, microphone, hints: () => hints };
}
