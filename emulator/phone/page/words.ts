import { formatNumber } from '../../../ui/numbers.ts';
import type { Ending, IncomingCall, Parties, Phone, RunningCall, Trouble } from './phone-state.ts';
import type { Strings } from './strings/en.ts';

/** green, accent, amber, red, or plain. */
export type Tone = 'ready' | 'busy' | 'trouble' | 'end' | 'neutral';

export interface Words {
  tone: Tone;
  /** The status is `before`, `number` (digits) and `after`, joined. */
  before: string;
  number?: string;
  after?: string;
  /** A sentence with details. */
  note?: string;
}

/** Describes the state of the phone. */
export function describePhone({ line, call }: Phone, strings: Strings): Words {
  const { status, note } = strings;
  switch (call.phase) {
    case 'idle':
      return line === 'open'
        ? { tone: 'ready', before: status.ready }
        : { tone: 'trouble', before: status.connecting, note: note.connecting };
    case 'no-microphone':
      return { tone: 'trouble', before: strings.microphone.faults[call.fault].title };
    case 'preparing':
      return { ...dialling(call.parties.other, status), ...allowMicrophone(call.listening, note) };
    case 'dialling':
      return dialling(call.parties.other, status);
    case 'incoming':
      return {
        tone: 'busy',
        ...withOther(status.incoming, call.parties, status),
        ...(line === 'open' ? {} : { note: note.reconnecting }),
      };
    case 'answering':
      return { tone: 'busy', before: status.answering, ...allowMicrophone(call.listening, note) };
    case 'ringing':
      return running({ tone: 'busy', before: status.ringing }, line, call, strings);
    case 'answered':
      return running({ tone: 'neutral', before: status.answered, note: note.alone }, line, call, strings);
    case 'talking':
      return running({ tone: 'ready', before: status.inCall }, line, call, strings);
    case 'ended':
      return {
        ...describeEnding(call.ending, call.parties, strings),
        ...(line === 'open' ? {} : { note: note.reconnecting }),
      };
  }
}

/** "Incoming call from +44 20 3829 7050", or from an unknown caller. */
export function describeCaller({ parties }: IncomingCall, { status }: Strings): string {
  const { before, number } = withOther(status.incoming, parties, status);
  return number === undefined ? before : `${before} ${formatNumber(number)}`;
}

function dialling(number: string, status: Strings['status']): Words {
  return { tone: 'busy', before: status.dialling, number, after: '…' };
}

function allowMicrophone(listening: boolean, note: Strings['note']) {
  return listening ? {} : { note: note.allowMicrophone };
}

/** Adds the other party's number, or the text for an unknown caller. */
function withOther(
  before: string,
  { other }: Parties,
  { unknownCaller }: Strings['status'],
): Pick<Words, 'before' | 'number'> {
  return other === null ? { before: `${before} ${unknownCaller}` } : { before, number: other };
}

/** Adds the most serious note, if any. */
function running(words: Words, line: Phone['line'], call: RunningCall, { note, status }: Strings): Words {
  const whole = { ...words, ...withOther(words.before, call.parties, status) };
  if (line === 'connecting') return { ...whole, note: note.reconnecting };
  if (call.trouble !== undefined) return { ...whole, note: describeTrouble(call.trouble, note) };
  return call.muted ? { ...whole, note: note.muted } : whole;
}

function describeTrouble(trouble: Trouble, note: Strings['note']): string {
  switch (trouble.kind) {
    case 'key-not-sent':
      return note.keyNotSent(trouble.digit);
    case 'not-understood':
      return note.notUnderstood(trouble.text);
    default:
      return note.troubles[trouble.kind];
  }
}

function describeEnding(ending: Ending, { other }: Parties, { ends, refusals, status }: Strings): Words {
  if (ending.kind === 'refused') {
    const number = other === null ? '' : formatNumber(other);
    return { tone: 'end', before: refusals[ending.code](number, ending.message) };
  }
  const { reason, message } = ending;
  switch (reason) {
    case 'failed':
    case 'application-error':
      // The emulator's message says more.
      return { tone: 'end', before: status.ended(message ?? ends[reason]) };
    case 'connection-lost':
    case 'not-in-service':
      return { tone: 'end', before: status.ended(ends[reason]) };
    default:
      return { tone: 'neutral', before: status.ended(ends[reason]) };
  }
}
