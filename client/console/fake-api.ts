import type { CallDetail, CallPage } from '../../domain/api/console-api.ts';
import type { SessionState } from '../../domain/api/page-api.ts';
import type { CallSummary } from '../../domain/calls/call.ts';
import { type CallState, reduce, viewCall } from '../../domain/calls/reduce.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { ApiCallError } from '../session/request.ts';
import type { ConsoleApi } from './api.ts';
import { message, pageOf } from './fake-messages.ts';
import { fits, type Query } from './filter.ts';

/** A server with calls, of which a test can change everything. */
export interface FakeApi extends ConsoleApi {
  /** Newest first. */
  summaries: CallSummary[];
  /** By the call's id; a call that is listed has at least the entry that made it so. */
  entries: Map<string, readonly LogEntry[]>;
  /** What the desk did, by the call's id; calls without are of a server without a desk. */
  desk: Map<string, readonly DeskEvent[]>;
  /** What is left out of that, by the call's id. */
  deskGaps: Map<string, NonNullable<CallDetail['deskGap']>>;
  session(): Promise<SessionState>;
  /** Calls by outcome; null: not counted. */
  outcomeCounts: NonNullable<CallPage['outcomes']> | null;
  /** Who is signed in, and how. */
  state: SessionState;
  /** What was asked for, in short and in order. */
  asked: string[];
  /** Set to let every request for calls fail. */
  failure: ApiCallError['failure'] | null;
}

export const fakeSession: SessionState = {
  agent: 'Alice',
  roles: ['agent', 'supervisor', 'developer'],
  agents: ['Alice', 'Bob'],
  routing: 'direct',
  signIn: 'automatic',
  number: '442038297050',
  phoneUrl: 'http://127.0.0.1/phone',
};

export function createFakeApi(): FakeApi {
  const asked: string[] = [];

  function note(what: string): void {
    asked.push(what);
    if (api.failure) {
      throw new ApiCallError(api.failure, 'The test wants it so.');
    }
  }

  const api: FakeApi = {
    summaries: [],
    entries: new Map(),
    desk: new Map(),
    deskGaps: new Map(),
    outcomeCounts: null,
    state: fakeSession,
    asked,
    failure: null,
    session: async () => api.state,
    async signIn({ agent, code }) {
      if (code !== 'right') {
        throw new ApiCallError('wrong-code', 'Wrong.');
      }
      api.state = { ...fakeSession, agent, signIn: 'code' };
      return api.state;
    },
    async signOut() {
      api.state = { ...api.state, agent: null };
    },
    async calls(query: Query, cursor) {
      note(`calls ${JSON.stringify(query)}${cursor === null ? '' : ` from ${cursor}`}`);
      const page = pageOf(api.summaries.filter((call) => fits(query, call)));
      return api.outcomeCounts ? { ...page, outcomes: api.outcomeCounts } : page;
    },
    async outcomes() {
      note('outcomes');
      return api.outcomeCounts;
    },
    async call(id): Promise<CallDetail> {
      note(`call ${id}`);
      const known = api.summaries.find((call) => call.id === id);
      const entries = api.entries.get(id) ?? (known ? [message(known).entry] : []);
      const state = entries.reduce<CallState | undefined>(reduce, undefined);
      if (!state) {
        throw new ApiCallError('not-found', 'There is no such call.');
      }
      const lastHeardAt = Math.max(...entries.map(({ receivedAt }) => receivedAt));
      const desk = api.desk.get(id);
      const deskGap = api.deskGaps.get(id);
      const call = { ...viewCall(state), lastHeardAt };
      return { call, entries, ...(desk && { desk }), ...(deskGap && { deskGap }) };
    },
    async replay(callId, entryId) {
      note(`replay ${entryId} of ${callId}`);
      return { status: 200 };
    },
  };
  return api;
}
