import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Ncco } from '../ncco/ncco.ts';
import type { WebhookEvent } from '../webhooks/event-kind.ts';
import { kindOf } from '../webhooks/event-kind.ts';
import type { AnswerEntry, EventEntry, LogEntry } from '../webhooks/log-entry.ts';
import type { Call, CallEnd, HungUpBy } from './call.ts';
import { type CallState, reduce, viewCall } from './reduce.ts';

/** Log entries for tests, and calls reduced from them; at the end, arbitrary calls for properties. */

export const CALL_ID = 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6';
export const CALLER_LEG = '0779a56d002f1c7f47f82ef5fe84ab79';

/** The events of one call as Vonage's tutorial publishes them, out of order. */
export const transcript: readonly WebhookEvent[] = JSON.parse(
  readFileSync(new URL('../../test/data/phone-to-app.events.json', import.meta.url), 'utf8'),
);

const received = {
  id: 1,
  callId: CALL_ID,
  receivedAt: 0,
  took: 1,
  requestId: 'r',
  replayed: false,
  repeats: null,
} as const;

export function eventEntry(payload: WebhookEvent, callId = CALL_ID): EventEntry {
  const reply = { status: 200 };
  return {
    ...received,
    ...{ type: 'event', method: 'POST', route: '/voice/event', reply },
    callId,
    kind: kindOf(payload),
    payload,
  };
}

export function answerEntry(ncco: Ncco, request: Readonly<Record<string, unknown>>): AnswerEntry {
  const reply = { status: 200, ncco };
  return { ...received, type: 'answer', method: 'GET', route: '/voice/answer', reply, request };
}

/** The state after entries; at least one. */
export function stateAfter(entries: readonly LogEntry[], before?: CallState): CallState {
  const state = entries.reduce<CallState | undefined>(reduce, before);
  if (state === undefined) throw new Error('A call begins with an entry.');
  return state;
}

/** The call that events tell, delivered in this order. */
export function callAfter(...payloads: readonly WebhookEvent[]): Call {
  return viewCall(stateAfter(payloads.map((payload) => eventEntry(payload))));
}

/** The time of a second of the test. */
export const at = (second: number) => Date.parse('2026-03-29T21:20:00.000Z') + second * 1000;

export const iso = (second: number) => new Date(at(second)).toISOString();

/** A status event of the caller's leg. */
export function caller(status: string, second: number, more: WebhookEvent = {}): WebhookEvent {
  const parties = { from: '447700900000', to: '442038297050', conversation_uuid: CALL_ID };
  return { ...parties, uuid: CALLER_LEG, direction: 'inbound', status, timestamp: iso(second), ...more };
}

/** A status event of a leg that rings an agent. */
export function agent(to: string, status: string, second: number, more: WebhookEvent = {}): WebhookEvent {
  return caller(status, second, { direction: 'outbound', to, uuid: `leg of ${to}`, ...more });
}

/** Rings a user, then one whose name is a number. */
export const ring: Ncco = [
  { action: 'talk', text: 'Please wait' },
  { action: 'connect', endpoint: [{ type: 'app', user: 'Zoe' }] },
  { action: 'connect', endpoint: [{ type: 'app', user: '1001' }] },
];

/** Asks what to do with the caller's leg. */
export const question = {
  from: '447700900000',
  to: '442038297050',
  uuid: CALLER_LEG,
  conversation_uuid: CALL_ID,
};

const FAILURES = ['timeout', 'unanswered', 'busy', 'rejected', 'failed'] as const;
const DETAILS = {
  timeout: { sip_code: 480 },
  unanswered: { detail: 'unavailable', sip_code: '480' },
  busy: { sip_code: 486 },
  rejected: { detail: 'declined', sip_code: 603 },
  failed: { detail: 'cannot_route', sip_code: 404 },
  cancelled: { sip_code: 487 },
};

/** What happens in a call. */
interface Script {
  ids: readonly string[];
  /** Seconds that pass between one thing and the next, over and over. */
  gaps: readonly number[];
  /** Who did not answer, one after the other. */
  failures: readonly (typeof FAILURES)[number][];
  /** What happens in the end; `over` where the NCCO has no more actions. */
  last: 'answered' | 'cancelled' | 'over' | 'application-error';
  isAnswerLogged: boolean;
  isRecorded: boolean;
  isMachineDetected: boolean;
  hasKeys: boolean;
  /** Whether the caller is moved to another conversation, or meets in a third one an agent who was called apart. */
  moves: 'none' | 'caller' | 'both';
  /** Who ends it, where an agent answered. */
  hangsUp: HungUpBy;
  /** Whether Vonage says who ended each leg. */
  saysWho: boolean;
}

/** A call that was delivered in order, each entry once. */
interface ToldCall {
  entries: readonly LogEntry[];
  id: string;
  end: CallEnd;
  hungUpBy: HungUpBy | null;
}

const script: fc.Arbitrary<Script> = fc.record({
  ids: fc.uniqueArray(fc.uuid(), { minLength: 8, maxLength: 8 }),
  gaps: fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 8 }),
  failures: fc.array(fc.constantFrom(...FAILURES), { maxLength: 2 }),
  last: fc.constantFrom('answered', 'cancelled', 'over', 'application-error'),
  isAnswerLogged: fc.boolean(),
  isRecorded: fc.boolean(),
  isMachineDetected: fc.boolean(),
  hasKeys: fc.boolean(),
  moves: fc.constantFrom('none', 'caller', 'both'),
  hangsUp: fc.constantFrom('caller', 'agent', 'platform'),
  saysWho: fc.boolean(),
});

/** Calls from a phone to the application, which tries agents until one answers. */
export const inboundCalls: fc.Arbitrary<ToldCall> = script.map((each) => {
  const log = createLog(each);
  tellInboundCall(each, log);
  const hungUpBy = each.saysWho ? whoEnds(each) : null;
  return { entries: log.entries, id: log.callId, end: endOfInboundCall(each), hungUpBy };
});

/** Calls that the application places to one user. */
const placedCalls: fc.Arbitrary<ToldCall> = script.map((each) => {
  const log = createLog(each);
  const outcome = each.failures[0] ?? 'answered';
  tellAttempt('Alice', outcome, each, log);
  const hungUpBy = outcome === 'answered' && each.saysWho && each.hangsUp === 'agent' ? 'agent' : null;
  const isByPlatform = each.saysWho && outcome !== 'rejected' && hungUpBy === null;
  return {
    entries: log.entries,
    id: log.callId,
    end: endOf(outcome),
    hungUpBy: isByPlatform ? 'platform' : hungUpBy,
  };
});

/** Any whole call. */
export const wholeCalls = fc.oneof({ weight: 4, arbitrary: inboundCalls }, placedCalls);

/** Entries of which some are another's: delivered again, in any order, under other ids. */
export function deliveriesOf(entries: readonly LogEntry[]): fc.Arbitrary<readonly LogEntry[]> {
  return fc
    .subarray([...entries])
    .chain((repeated) => {
      const all = [...entries, ...repeated];
      return fc.shuffledSubarray(all, { minLength: all.length });
    })
    .map((all) => all.map((entry, index) => ({ ...entry, id: index + 1, receivedAt: index * 1000 })));
}

interface Log {
  entries: LogEntry[];
  callId: string;
  /** The conversation named by events. */
  conversation: string;
  /** The next id that nobody has. */
  nextId(): string;
  /** Lets time pass, at least so much; returns the time, milliseconds since 1970. */
  pass(least?: number): number;
  now(): number;
  event(payload: Record<string, unknown>): void;
}

function createLog({ ids, gaps }: Script): Log {
  const entries: LogEntry[] = [];
  let now = Date.parse('2026-03-29T21:20:05.582Z');
  let passed = 0;
  let used = 0;
  const callId = `CON-${ids[0]}`;
  const log: Log = {
    entries,
    callId,
    conversation: callId,
    now: () => now,
    nextId() {
      used += 1;
      return ids[used] ?? `leg-${used}`;
    },
    pass(least = 0) {
      now += Math.max(least, gaps[passed % gaps.length] ?? 0);
      passed += 1;
      return now;
    },
    event(fields) {
      const payload = { conversation_uuid: log.conversation, ...fields };
      entries.push({ ...eventEntry(payload, callId), ...receivedAs(entries, now) });
    },
  };
  return log;
}

function receivedAs(entries: readonly LogEntry[], now: number) {
  const id = entries.length + 1;
  return { id, receivedAt: now + 50, requestId: `r${id}` };
}

function tellInboundCall(script: Script, log: Log): void {
  const uuid = log.nextId();
  const leg = { headers: {}, from: '447700900000', to: '442038297050', uuid, direction: 'inbound' };
  const startedAt = log.now();
  log.event({ ...leg, status: 'ringing', timestamp: isoOf(startedAt) });
  log.event({ ...leg, status: 'started', timestamp: isoOf(startedAt) });
  if (script.isAnswerLogged) tellAnswer(leg, script, log);
  if (script.last === 'application-error') {
    log.event({ reason: 'Answer URL: HTTP 500', timestamp: isoOf(log.pass()) });
    log.event({
      ...leg,
      ...billed(undefined, log.now()),
      ...endedBy(whoEnds(script) === 'caller', script),
      status: 'completed',
      timestamp: isoOf(log.now()),
    });
    return;
  }
  const answeredAt = log.pass() + 1;
  log.event({ ...leg, status: 'answered', start_time: null, rate: null, timestamp: isoOf(answeredAt) });
  if (script.moves === 'caller') {
    const target = `CON-${log.nextId()}`;
    tellMove(uuid, log.conversation, target, log);
    log.conversation = target;
  }
  if (script.hasKeys)
    log.event({ ...leg, dtmf: { digits: '1', timed_out: false }, timestamp: isoOf(log.pass()) });
  for (const [index, failure] of script.failures.entries())
    tellAttempt(`Agent ${index}`, failure, script, log);
  if (script.last === 'answered' && script.moves === 'both') tellMeeting('Alice', uuid, script, log);
  else if (script.last !== 'over') tellAttempt('Alice', script.last, script, log);
  if (script.isRecorded) tellRecording(answeredAt, log);
  const end = log.now();
  log.event({
    ...leg,
    from: ' 447700900000',
    ...billed(answeredAt, end),
    ...endedBy(whoEnds(script) === 'caller', script),
    price: '0.00144000',
    status: 'completed',
    timestamp: isoOf(end),
  });
}

function tellAnswer(leg: { from: string; to: string; uuid: string }, { failures }: Script, log: Log): void {
  const ring = (user: string): Ncco[number] => ({ action: 'connect', endpoint: [{ type: 'app', user }] });
  const ncco: Ncco = [
    { action: 'talk', text: 'Please wait' },
    ...failures.map((_, index) => ring(`Agent ${index}`)),
    ring('Alice'),
  ];
  const request = { from: leg.from, to: leg.to, uuid: leg.uuid, conversation_uuid: log.callId };
  log.entries.push({
    ...answerEntry(ncco, request),
    ...receivedAs(log.entries, log.now()),
    callId: log.callId,
  });
}

/** Rings a user's page. */
function tellAttempt(user: string, outcome: Outcome, script: Script, log: Log): void {
  const leg = { headers: {}, from: '447700900000', to: user, uuid: log.nextId(), direction: 'outbound' };
  const startedAt = log.pass();
  log.event({ ...leg, status: 'started', timestamp: isoOf(startedAt) });
  const answeredAt = outcome === 'answered' ? log.pass() : undefined;
  // An app leg's "answered" bears the time of its "started".
  if (outcome === 'answered') log.event({ ...leg, status: 'answered', timestamp: isoOf(startedAt) });
  else log.event({ ...leg, status: outcome, ...DETAILS[outcome], timestamp: isoOf(log.pass()) });
  if (script.isMachineDetected) {
    // It names the leg alone.
    const heard = { call_uuid: leg.uuid, status: 'human', timestamp: isoOf(log.now()) };
    log.event({ ...heard, conversation_uuid: undefined });
  }
  if (outcome === 'rejected') return;
  const end = outcome === 'answered' ? log.pass() : log.now();
  tellEndOfAgent(leg, answeredAt, end, script, log);
}

function tellEndOfAgent(
  leg: Record<string, unknown>,
  answeredAt: number | undefined,
  end: number,
  script: Script,
  log: Log,
): void {
  log.event({
    ...leg,
    ...billed(answeredAt, end),
    ...endedBy(answeredAt !== undefined && script.hangsUp === 'agent', script),
    status: 'completed',
    timestamp: isoOf(end),
  });
}

/** Calls a user apart from the caller, and brings both together in a third conversation. */
function tellMeeting(user: string, caller: string, script: Script, log: Log): void {
  const uuid = log.nextId();
  const leg = { from: '442038297050', to: user, uuid, direction: 'outbound' };
  const [apart, together] = [`CON-${log.nextId()}`, `CON-${log.nextId()}`];
  const startedAt = log.pass(1);
  log.event({ ...leg, conversation_uuid: apart, status: 'started', timestamp: isoOf(startedAt) });
  const answeredAt = log.pass(1);
  log.event({ ...leg, conversation_uuid: apart, status: 'answered', timestamp: isoOf(answeredAt) });
  tellMove(uuid, apart, together, log);
  tellMove(caller, log.conversation, together, log);
  log.conversation = together;
  tellEndOfAgent(leg, answeredAt, log.pass(1), script, log);
}

function tellMove(uuid: string, from: string, to: string, log: Log): void {
  const conversations = { conversation_uuid_from: from, conversation_uuid_to: to };
  const timestamp = isoOf(log.pass(1));
  log.event({ type: 'transfer', uuid, ...conversations, conversation_uuid: undefined, timestamp });
}

function endedBy(isByUser: boolean, { saysWho }: Script) {
  return saysWho ? { disconnected_by: isByUser ? 'user' : 'platform' } : {};
}

function tellRecording(startedAt: number, log: Log): void {
  const uuid = log.nextId();
  log.event({
    start_time: isoOf(startedAt),
    recording_url: `https://api.nexmo.com/v1/files/${uuid}`,
    size: 12_222,
    recording_uuid: uuid,
    end_time: isoOf(log.now()),
    timestamp: isoOf(log.now()),
  });
  log.event({
    type: 'record',
    status: 'transcribed',
    recording_uuid: uuid,
    conversation_uuid: undefined,
    transcription_url: `https://api.nexmo.com/v1/files/${uuid}/transcription`,
    timestamp: isoOf(log.pass()),
  });
}

/** What `completed` says of the time that is billed: whole seconds, as text. */
function billed(answeredAt: number | undefined, end: number) {
  const second = (time: number) => Math.round(time / 1000) * 1000;
  const start = answeredAt === undefined ? undefined : second(answeredAt);
  return {
    start_time: start === undefined ? null : isoOf(start),
    end_time: isoOf(second(end)),
    duration: String(start === undefined ? 0 : Math.max(0, second(end) - start) / 1000),
    rate: '0.00',
    price: '0',
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

type Outcome = Script['failures'][number] | 'answered' | 'cancelled';

function whoEnds({ last, hangsUp }: Script): HungUpBy {
  if (last === 'answered') return hangsUp;
  return last === 'cancelled' ? 'caller' : 'platform';
}

function endOfInboundCall({ last, failures, saysWho, isAnswerLogged }: Script): CallEnd {
  if (last === 'application-error') return 'application-error';
  if (last !== 'over') return endOf(last);
  // Of several unanswered legs, the outcome of a person counts more than that of a line.
  const outcome = (['rejected', 'timeout', 'unanswered', 'busy', 'failed'] as const).find((each) =>
    failures.includes(each),
  );
  if (outcome !== undefined) return endOf(outcome);
  // The NCCO connects, and nobody was rung: the platform could not.
  return saysWho ? (isAnswerLogged ? 'failed' : 'completed') : 'caller-gave-up';
}

function endOf(outcome: Outcome): CallEnd {
  switch (outcome) {
    case 'answered':
      return 'completed';
    case 'cancelled':
      return 'caller-gave-up';
    case 'timeout':
    case 'unanswered':
      return 'nobody-answered';
    default:
      return outcome;
  }
}
