import type { AnswerReply, CallUpdate, DialReply, EndReason } from '../protocol.ts';

/** The parties of a call, usually as digits. */
export interface Parties {
  /** The number of this phone. */
  own: string;
  /** The far side; null: an unknown caller. */
  other: string | null;
}

export interface Dialled extends Parties {
  other: string;
}

/** Why there is no microphone. */
export type MicrophoneFault = 'refused' | 'none' | 'busy' | 'insecure';

/** Audio problems during a call. */
export type SoundTrouble =
  | 'no-playback'
  | 'sound-lost'
  | 'microphone-gone'
  /** The browser rejected the emulator's audio description. */
  | 'answer-refused';

export type Trouble =
  | { kind: SoundTrouble }
  | { kind: 'key-not-sent'; digit: string }
  | { kind: 'not-understood'; text: string };

/** Why a call could not start: the emulator's reply, no reply, or no audio. */
export type CallFailure = Extract<DialReply | AnswerReply, { ok: false }>['code'] | 'no-reply' | 'no-sound';

/** A call from the first ring to its end. */
export interface Talk {
  parties: Parties;
  /** Whether the call was dialled or answered without a microphone. */
  listening: boolean;
  muted: boolean;
  /** The last problem during the call. */
  trouble?: Trouble;
}

/** An answered call. */
export interface Answered extends Talk {
  uuid: string;
  /** When it was answered or, in `talking`, when the other party joined: milliseconds since 1970. */
  since: number;
  /** The digits sent so far. */
  keyed: string;
  /** The last text sent as speech. */
  said?: string;
}

export type Ending =
  /** The call could not be dialled or answered. */
  | { kind: 'refused'; code: CallFailure; message: string }
  | { kind: 'over'; reason: EndReason | 'you-rejected' | 'connection-lost'; message?: string };

export type Call =
  | { phase: 'idle' }
  /** Waits for the microphone and the offer. */
  | { phase: 'preparing'; attempt: number; parties: Dialled; listening: boolean }
  | { phase: 'no-microphone'; parties: Dialled; fault: MicrophoneFault }
  /** Waits for the emulator's reply; updates that arrive before it wait, too. */
  | { phase: 'dialling'; attempt: number; parties: Dialled; listening: boolean; early: TimedUpdate[] }
  /** It rings here. `fault`: it could not be answered for lack of a microphone. */
  | { phase: 'incoming'; uuid: string; parties: Parties; fault?: MicrophoneFault }
  /** Waits for the microphone and the offer, then for the emulator's reply. */
  | { phase: 'answering'; uuid: string; attempt: number; parties: Parties; listening: boolean }
  | ({ phase: 'ringing'; uuid: string } & Talk)
  /** The number has picked up; in `talking`, another person is connected. */
  | ({ phase: 'answered' } & Answered)
  | ({ phase: 'talking' } & Answered)
  | { phase: 'ended'; parties: Parties; ending: Ending };

export type IncomingCall = Extract<Call, { phase: 'incoming' }>;
export type RunningCall = Extract<Call, { phase: 'ringing' | 'answered' | 'talking' }>;
export type AnsweredCall = Extract<Call, { phase: 'answered' | 'talking' }>;
/** A call that is being dialled or answered. */
export type PendingCall = Extract<Call, { phase: 'preparing' | 'dialling' | 'answering' }>;
export type BusyCall = RunningCall | PendingCall;

export interface Phone {
  /** Whether the emulator is connected. */
  line: 'connecting' | 'open';
  call: Call;
  /** Number of attempts, to recognise a late reply to an earlier one. */
  attempts: number;
}

export interface TimedUpdate {
  update: CallUpdate;
  at: number;
}

export type PhoneEvent =
  /** `recovered`: the emulator still knows this phone and its call. */
  | { type: 'line-opened'; recovered: boolean }
  | { type: 'line-dropped' }
  /** The line dropped and did not reconnect in time. */
  | { type: 'line-lost' }
  | { type: 'dial'; parties: Dialled }
  | { type: 'dial-listening' }
  | { type: 'ring'; uuid: string; parties: Parties }
  /** `listening`: without a microphone. */
  | { type: 'answer'; listening: boolean }
  | { type: 'reject' }
  | { type: 'prepared'; attempt: number; offer: string }
  | { type: 'microphone-failed'; attempt: number; fault: MicrophoneFault }
  /** The emulator has dialled. */
  | { type: 'accepted'; attempt: number; uuid: string; answer: string | undefined }
  /** The emulator has answered the call that rang here. */
  | { type: 'connected'; attempt: number; uuid: string; answer: string | undefined; at: number }
  /** The emulator or the browser's media rejected the dial or the answer. */
  | { type: 'refused'; attempt: number; code: CallFailure; message: string }
  | ({ type: 'update' } & TimedUpdate)
  | { type: 'trouble'; trouble: Trouble }
  /** `inBand`: as tones in the call's audio, if there is any. */
  | { type: 'key'; digit: string; inBand: boolean }
  | { type: 'say'; text: string }
  | { type: 'mute'; muted: boolean }
  | { type: 'hang-up' };

export type Effect =
  | { type: 'prepare-audio'; attempt: number; listening: boolean }
  | { type: 'connect-audio'; answer: string }
  | { type: 'mute-audio'; muted: boolean }
  | { type: 'close-audio' }
  | { type: 'dial'; attempt: number; parties: Dialled; offer: string }
  | { type: 'answer'; attempt: number; uuid: string; offer: string }
  /** `busy`: this phone is in another call. */
  | { type: 'reject'; uuid: string; busy: boolean }
  | { type: 'sound-digit'; digit: string }
  | { type: 'send-digit'; uuid: string; digit: string }
  | { type: 'say'; uuid: string; text: string }
  | { type: 'hang-up'; uuid: string };

export interface Step {
  phone: Phone;
  effects: Effect[];
}

export const firstPhone: Phone = { line: 'connecting', call: { phase: 'idle' }, attempts: 0 };

/** Whether a call can be dialled now. */
export function isDialable({ line, call }: Phone): boolean {
  return line === 'open' && call.phase !== 'incoming' && !isBusy(call);
}

/** Whether a ringing call can be answered now. */
export function isAnswerable({ line, call }: Phone): boolean {
  return line === 'open' && call.phase === 'incoming';
}

/** Whether there is a call, or one is being dialled or answered. */
export function isBusy(call: Call): call is BusyCall {
  return isPending(call) || isRunning(call);
}

/** Whether a call is being dialled or answered. */
export function isPending(call: Call): call is PendingCall {
  return call.phase === 'preparing' || call.phase === 'dialling' || call.phase === 'answering';
}

/** Whether the emulator knows this call. */
export function isRunning(call: Call): call is RunningCall {
  return call.phase === 'ringing' || isAnswered(call);
}

/** Whether the number has picked up, or this phone has. */
export function isAnswered(call: Call): call is AnsweredCall {
  return call.phase === 'answered' || call.phase === 'talking';
}
