import { z } from 'zod';
import type { AgentView } from '../api/desk-api.ts';
import { HISTORY_OUTCOMES } from '../api/history-api.ts';
import type { HistoryLine } from '../history/history.ts';

/*
 * What the server sends to other systems: JSON by POST, as docs/hooks.md describes. New fields may be added to `data`;
 * those that are here stay.
 */

/** In E.164 with its `+`, where it is a phone number; null: withheld. */
const number = z.string().nullable();
const seconds = z.int().min(0).nullable();
/** When it happened, in UTC. */
const timestamp = z.iso.datetime();

const call = z.strictObject({
  /** The id of the call, for `GET /api/calls/{call}`. */
  call: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  /** Whether the desk called back a caller who had asked for it. */
  isCallback: z.boolean(),
  customerNumber: number,
  ourNumber: number,
  /** Null with direct routing. */
  queue: z.string().nullable(),
  outcome: z.enum(HISTORY_OUTCOMES),
  /** The first agent who talked to the customer. */
  answeredBy: z.string().nullable(),
  hungUpBy: z.enum(['caller', 'agent', 'platform']).nullable(),
  /** Until the first agent answered; null if nobody did. */
  waitedSeconds: seconds,
  talkedSeconds: seconds,
  startedAt: z.iso.datetime(),
  /** The id of the message that the caller was asked for. Whether there is one, `voicemail.received` says. */
  voicemail: z.string().nullable(),
});

const voicemail = z.strictObject({
  /** The id of the message, for `GET /api/voicemails`. */
  voicemail: z.string(),
  /** Null where it is not known in which call it was left. */
  call: z.string().nullable(),
  customerNumber: number,
  queue: z.string().nullable(),
  seconds: z.number().nullable(),
});

const agent = z.strictObject({
  agent: z.string(),
  choice: z.enum(['available', 'away', 'offline']),
  /** Why she is away. */
  reason: z.string().nullable(),
  /** `up`: her page can ring. `degraded`: it is open, but its sound or its microphone is not ready. */
  line: z.enum(['up', 'degraded', 'down']),
  /** `reserved`: a call is ringing, or about to. */
  load: z.enum(['free', 'reserved', 'talking', 'holding', 'consulting', 'supervising', 'wrap-up']),
});

/** The body of a hook. */
export const hookBody = z.discriminatedUnion('type', [
  /** A call is over. */
  z.strictObject({ type: z.literal('call.ended'), timestamp, data: call }),
  /** A caller has gone without talking to an agent, and is not going to be called back by the desk. */
  z.strictObject({ type: z.literal('call.missed'), timestamp, data: call }),
  /** A message can be listened to. */
  z.strictObject({ type: z.literal('voicemail.received'), timestamp, data: voicemail }),
  /** An agent's choice, line or load is another one. */
  z.strictObject({ type: z.literal('agent.changed'), timestamp, data: agent }),
]);

export type Hook = z.infer<typeof hookBody>;

/** The hooks of a call that has ended. @param now milliseconds since 1970, like all times here */
export function hooksOfCall(line: HistoryLine, now: number): Hook[] {
  const { direction, isCallback, queue, outcome, answeredBy, hungUpBy, voicemail } = line;
  const data = {
    call: line.call,
    direction,
    isCallback,
    customerNumber: e164(line.number),
    ourNumber: e164(line.to),
    queue,
    outcome,
    answeredBy,
    hungUpBy,
    waitedSeconds: line.waited,
    talkedSeconds: line.talked,
    startedAt: isoTime(line.at),
    voicemail,
  };
  const ended: Hook = { type: 'call.ended', timestamp: isoTime(now), data };
  const isMissed = direction === 'inbound' && answeredBy === null && outcome !== 'callback';
  return isMissed ? [ended, { type: 'call.missed', timestamp: isoTime(now), data }] : [ended];
}

interface ReceivedVoicemail {
  id: string;
  call: string | null;
  from: string | null;
  queue: string | null;
  seconds: number | null;
}

/** The hook of a voicemail that can be listened to. */
export function hookOfVoicemail({ id, call, from, queue, seconds }: ReceivedVoicemail, now: number): Hook {
  return {
    type: 'voicemail.received',
    timestamp: isoTime(now),
    data: { voicemail: id, call, customerNumber: e164(from), queue, seconds },
  };
}

/** The hook of an agent who is no longer as she was; undefined if all that a hook tells is the same. */
export function hookOfAgent(before: AgentView, after: AgentView, now: number): Hook | undefined {
  const [then, data] = [agentData(before), agentData(after)];
  if (JSON.stringify(then) === JSON.stringify(data)) return undefined;
  return { type: 'agent.changed', timestamp: isoTime(now), data };
}

function agentData({ name, choice, reason, line, load }: AgentView): z.infer<typeof agent> {
  return { agent: name, choice, reason, line, load };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Numbers come with and without `+`. What is no number stays as it is. */
function e164(party: string | null): string | null {
  return party !== null && /^\d{5,15}$/.test(party) ? `+${party}` : party;
}
