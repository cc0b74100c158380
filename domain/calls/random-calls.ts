import fc from 'fast-check';
import type { Ncco } from '../ncco/ncco.ts';
import { kindOf } from '../webhooks/event-kind.ts';
import type { CallEnd } from './call.ts';
import type { LogEntry } from './log-entry.ts';

/** Arbitrary calls, told in log entries as Vonage tells them, with how they must come out. */

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
}

/** A call that was delivered in order, each entry once. */
export interface ToldCall {
  entries: readonly LogEntry[];
  end: CallEnd;
}

const script: fc.Arbitrary<Script> = fc.record({
  ids: fc.uniqueArray(fc.uuid(), { minLength: 6, maxLength: 6 }),
  gaps: fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 8 }),
  failures: fc.array(fc.constantFrom(...FAILURES), { maxLength: 2 }),
  last: fc.constantFrom('answered', 'cancelled', 'over', 'application-error'),
  isAnswerLogged: fc.boolean(),
  isRecorded: fc.boolean(),
  isMachineDetected: fc.boolean(),
  hasKeys: fc.boolean(),
});

/** Calls from a phone to the application, which hunts for somebody who answers. */
export const inboundCalls: fc.Arbitrary<ToldCall> = script.map((each) => {
  const log = createLog(each);
  tellInboundCall(each, log);
  return { entries: log.entries, end: endOfInboundCall(each) };
});

/** Calls that the application places to one user. */
export const placedCalls: fc.Arbitrary<ToldCall> = script.map((each) => {
  const log = createLog(each);
  const outcome = each.failures[0] ?? 'answered';
  tellAttempt('Alice', outcome, each, log);
  return { entries: log.entries, end: endOf(outcome) };
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
  /** The next id that nobody has. */
  nextId(): string;
  /** Lets time pass; returns the time, milliseconds since 1970. */
  pass(): number;
  now(): number;
  event(payload: Record<string, unknown>): void;
}

function createLog({ ids, gaps }: Script): Log {
  const entries: LogEntry[] = [];
  let now = Date.parse('2026-03-29T21:20:05.582Z');
  let passed = 0;
  let used = 0;
  const callId = `CON-${ids[0]}`;
  return {
    entries,
    callId,
    now: () => now,
    nextId() {
      used += 1;
      return ids[used] ?? `leg-${used}`;
    },
    pass() {
      now += gaps[passed % gaps.length] ?? 0;
      passed += 1;
      return now;
    },
    event(fields) {
      const payload = { conversation_uuid: callId, ...fields };
      entries.push({ ...received(entries, now), type: 'event', callId, kind: kindOf(payload), payload });
    },
  };
}

function received(entries: readonly LogEntry[], now: number) {
  return {
    id: entries.length + 1,
    receivedAt: now + 50,
    took: 1,
    method: 'POST',
    requestId: 'r',
    replayed: false,
  } as const;
}

function tellInboundCall(script: Script, log: Log): void {
  const uuid = log.nextId();
  const leg = { headers: {}, from: '447700900000', to: '442038297050', uuid, direction: 'inbound' };
  const startedAt = log.now();
  log.event({ ...leg, status: 'ringing', timestamp: iso(startedAt) });
  log.event({ ...leg, status: 'started', timestamp: iso(startedAt) });
  if (script.isAnswerLogged) tellAnswer(leg, script, log);
  if (script.last === 'application-error') {
    log.event({ reason: 'Answer URL: HTTP 500', timestamp: iso(log.pass()) });
    log.event({ ...leg, ...billed(undefined, log.now()), status: 'completed', timestamp: iso(log.now()) });
    return;
  }
  const answeredAt = log.pass() + 1;
  log.event({ ...leg, status: 'answered', start_time: null, rate: null, timestamp: iso(answeredAt) });
  if (script.hasKeys)
    log.event({ ...leg, dtmf: { digits: '1', timed_out: false }, timestamp: iso(log.pass()) });
  for (const [index, failure] of script.failures.entries())
    tellAttempt(`Agent ${index}`, failure, script, log);
  if (script.last !== 'over') tellAttempt('Alice', script.last, script, log);
  if (script.isRecorded) tellRecording(answeredAt, log);
  const end = log.now();
  log.event({
    ...leg,
    from: ' 447700900000',
    ...billed(answeredAt, end),
    price: '0.00144000',
    status: 'completed',
    timestamp: iso(end),
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
    ...received(log.entries, log.now()),
    type: 'answer',
    callId: log.callId,
    request,
    ncco,
  });
}

/** Rings a user's page. */
function tellAttempt(user: string, outcome: Outcome, script: Script, log: Log): void {
  const leg = { headers: {}, from: '447700900000', to: user, uuid: log.nextId(), direction: 'outbound' };
  const startedAt = log.pass();
  log.event({ ...leg, status: 'started', timestamp: iso(startedAt) });
  const answeredAt = outcome === 'answered' ? log.pass() : undefined;
  // An app leg's "answered" bears the time of its "started".
  if (outcome === 'answered') log.event({ ...leg, status: 'answered', timestamp: iso(startedAt) });
  else log.event({ ...leg, status: outcome, ...DETAILS[outcome], timestamp: iso(log.pass()) });
  if (script.isMachineDetected)
    log.event({ call_uuid: leg.uuid, status: 'human', timestamp: iso(log.now()) });
  if (outcome === 'rejected') return;
  const end = outcome === 'answered' ? log.pass() : log.now();
  log.event({ ...leg, ...billed(answeredAt, end), status: 'completed', timestamp: iso(end) });
}

function tellRecording(startedAt: number, log: Log): void {
  const uuid = log.nextId();
  log.event({
    start_time: iso(startedAt),
    recording_url: `https://api.nexmo.com/v1/files/${uuid}`,
    size: 12_222,
    recording_uuid: uuid,
    end_time: iso(log.now()),
    timestamp: iso(log.now()),
  });
  log.event({
    type: 'record',
    status: 'transcribed',
    recording_uuid: uuid,
    transcription_url: `https://api.nexmo.com/v1/files/${uuid}/transcription`,
    timestamp: iso(log.pass()),
  });
}

/** What `completed` says of the time that is billed: whole seconds, as text. */
function billed(answeredAt: number | undefined, end: number) {
  const second = (time: number) => Math.round(time / 1000) * 1000;
  const start = answeredAt === undefined ? undefined : second(answeredAt);
  return {
    start_time: start === undefined ? null : iso(start),
    end_time: iso(second(end)),
    duration: String(start === undefined ? 0 : Math.max(0, second(end) - start) / 1000),
    rate: '0.00',
    price: '0',
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

type Outcome = Script['failures'][number] | 'answered' | 'cancelled';

function endOfInboundCall({ last, failures }: Script): CallEnd {
  if (last === 'application-error') return 'application-error';
  if (last !== 'over') return endOf(last);
  // Of several who did not answer, it is said what tells most of people, then of lines.
  const outcome = (['rejected', 'timeout', 'unanswered', 'busy', 'failed'] as const).find((each) =>
    failures.includes(each),
  );
  return outcome === undefined ? 'caller-gave-up' : endOf(outcome);
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
