import type { Ending, MicrophoneFault, Phone, RunningCall } from './phone-machine.ts';

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
export function describePhone({ line, call }: Phone): Words {
  switch (call.phase) {
    case 'idle':
      return line === 'open' ? { tone: 'ready', before: 'Ready to call' } : CONNECTING;
    case 'no-microphone':
      return { tone: 'trouble', before: MICROPHONE[call.fault].title };
    case 'preparing':
      return {
        tone: 'busy',
        before: 'Dialling',
        number: call.parties.to,
        after: '…',
        ...(call.listening ? {} : { note: 'If your browser asks for the microphone, allow it.' }),
      };
    case 'dialling':
      return { tone: 'busy', before: 'Dialling', number: call.parties.to, after: '…' };
    case 'ringing':
      return { tone: 'busy', before: 'Ringing', number: call.parties.to, ...note(line, call) };
    case 'answered':
      return {
        tone: 'neutral',
        before: 'The number has answered:',
        number: call.parties.to,
        note: 'Waiting for somebody to join the call',
        ...note(line, call),
      };
    case 'talking':
      return { tone: 'ready', before: 'In call with', number: call.parties.to, ...note(line, call) };
    case 'ended':
      return {
        ...describeEnding(call.ending),
        ...(line === 'open' ? {} : { note: 'Connecting to the emulator again…' }),
      };
  }
}

/** What happened to the microphone, and what to do about it. */
export const MICROPHONE: Record<MicrophoneFault, { title: string; help: string }> = {
  refused: {
    title: 'Microphone access is refused',
    help: 'Allow it for this page beside the address (or in the system’s privacy settings), then dial again.',
  },
  none: {
    title: 'No microphone found',
    help: 'Plug one in, then dial again.',
  },
  busy: {
    title: 'The microphone is in use',
    help: 'Another program holds it. Close that program, then dial again.',
  },
  insecure: {
    title: 'No microphone on this address',
    help: 'Browsers give the microphone only to https pages and to localhost. Open the phone at localhost.',
  },
};

const CONNECTING: Words = {
  tone: 'trouble',
  before: 'Connecting to the emulator…',
  note: 'This page keeps trying. Is the emulator running?',
};

function note(line: Phone['line'], call: RunningCall): { note?: string } {
  if (line === 'connecting') return { note: 'Reconnecting to the emulator…' };
  if (call.trouble !== undefined) return { note: call.trouble };
  return call.muted ? { note: 'You are muted: nobody hears you.' } : {};
}

function describeEnding(ending: Ending): Words {
  if (ending.kind === 'refused') return { tone: 'end', before: ending.message };
  const { reason, message } = ending;
  switch (reason) {
    case 'you-hung-up':
      return { tone: 'neutral', before: 'Call ended: you hung up' };
    case 'far-side-hung-up':
      return { tone: 'neutral', before: 'Call ended: the other side hung up' };
    case 'nobody-answered':
      return { tone: 'neutral', before: 'Call ended: nobody answered' };
    case 'rejected':
      return { tone: 'neutral', before: 'Call ended: the call was rejected' };
    case 'connection-lost':
      return { tone: 'end', before: 'Call ended: connection to the emulator lost' };
    case 'failed':
      return { tone: 'end', before: `Call ended: ${message ?? 'the call failed'}` };
    case 'application-error':
      return { tone: 'end', before: `Call ended: ${message ?? 'the application answered with an error'}` };
  }
}
