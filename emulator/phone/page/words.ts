import { formatNumber } from './numbers.ts';
import type { Ending, Phone, RunningCall, Trouble } from './phone-machine.ts';
import type { Strings } from './strings/en.ts';

/** green, accent, amber, red, or plain. */
export type Tone = 'ready' | 'busy' | 'trouble' | 'end' | 'neutral';

export interface Words {
  tone: Tone;
  /** The status is `before`, `number` (digits) and `after` in one. */
  before: string;
  number?: string;
  after?: string;
  /** One more sentence, for what the status leaves out. */
  note?: string;
}

/** Says the state of the phone in words. */
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
      return {
        tone: 'busy',
        before: status.dialling,
        number: call.parties.to,
        after: '…',
        ...(call.listening ? {} : { note: note.allowMicrophone }),
      };
    case 'dialling':
      return { tone: 'busy', before: status.dialling, number: call.parties.to, after: '…' };
    case 'ringing':
      return running({ tone: 'busy', before: status.ringing }, line, call, strings);
    case 'answered':
      return running({ tone: 'neutral', before: status.answered, note: note.waiting }, line, call, strings);
    case 'talking':
      return running({ tone: 'ready', before: status.inCall }, line, call, strings);
    case 'ended':
      return {
        ...describeEnding(call.ending, call.parties.to, strings),
        ...(line === 'open' ? {} : { note: note.connectingAgain }),
      };
  }
}

/** With the worst that there is to note, if anything. */
function running(words: Words, line: Phone['line'], call: RunningCall, { note }: Strings): Words {
  const whole = { ...words, number: call.parties.to };
  if (line === 'connecting') return { ...whole, note: note.reconnecting };
  if (call.trouble !== undefined) return { ...whole, note: describeTrouble(call.trouble, note) };
  return call.muted ? { ...whole, note: note.muted } : whole;
}

function describeTrouble(trouble: Trouble, note: Strings['note']): string {
  return trouble.kind === 'key-not-sent' ? note.keyNotSent(trouble.digit) : note.troubles[trouble.kind];
}

function describeEnding(ending: Ending, to: string, { ends, refusals, status }: Strings): Words {
  if (ending.kind === 'refused') {
    return { tone: 'end', before: refusals[ending.code](formatNumber(to), ending.message) };
  }
  const { reason, message } = ending;
  switch (reason) {
    case 'you-hung-up':
    case 'far-side-hung-up':
    case 'nobody-answered':
    case 'rejected':
      return { tone: 'neutral', before: status.ended(ends[reason]) };
    case 'connection-lost':
      return { tone: 'end', before: status.ended(ends[reason]) };
    case 'failed':
    case 'application-error':
      // What the emulator says of it tells more.
      return { tone: 'end', before: status.ended(message ?? ends[reason]) };
  }
}
