import type { AnswerReply, CallUpdate, DialReply, EndReason } from '../protocol.ts';

/** Who is in a call: digits, as a rule. */
export interface Parties {
  /** The number of this phone. */
  own: string;
  /** The far side; null is a caller who is not shown. */
  other: string | null;
}

export interface Dialled extends Parties {
  other: string;
}

/** Why there is no microphone. */
export type MicrophoneFault = 'refused' | 'none' | 'busy' | 'insecure';

/** What can go wrong with the sound while a call goes on. */
export type SoundTrouble =
  | 'no-playback'
  | 'sound-lost'
  | 'microphone-gone'
  /** The browser did not take the emulator's half of the sound. */
  | 'answer-refused';

export type Trouble =
  | { kind: SoundTrouble }
  | { kind: 'key-not-sent'; digit: string }
  | { kind: 'not-understood'; text: string };

/** Why there is no call: the emulator's reply to a dialling or an answer, or the lack of one, or of sound. */
export type CallFailure = Extract<DialReply | AnswerReply, { ok: false }>['code'] | 'no-reply' | 'no-sound';

/** What is true of a call from the first ring to its end. */
export interface Talk {
  parties: Parties;
  /** Nothing is said in this call: it was dialled or answered without a microphone. */
  listening: boolean;
  muted: boolean;
  /** What went wrong last while the call goes on. */
  trouble?: Trouble;
}

/** What is true of a call that was answered. */
export interface Answered extends Talk {
  uuid: string;
  /** When it was answered or, in `talking`, when the other came; in milliseconds of the epoch. */
  since: number;
  /** The digits that were sent. */
  keyed: string;
  /** What the platform was last told that the person here said. */
  said?: string;
}

export type Ending =
  /** The number could not be dialled, or the call not be answered, so there never was one. */
  | { kind: 'refused'; code: CallFailure; message: string }
  | { kind: 'over'; reason: EndReason | 'you-rejected' | 'connection-lost'; message?: string };

export type Call =
  | { phase: 'idle' }
  /** Waits for the microphone and the offer. */
  | { phase: 'preparing'; attempt: number; parties: Dialled; listening: boolean }
  | { phase: 'no-microphone'; parties: Dialled; fault: MicrophoneFault }
  /** Waits for the emulator's reply; updates that overtake it wait too. */
  | { phase: 'dialling'; attempt: number; parties: Dialled; listening: boolean; early: TimedUpdate[] }
  /** It rings here. `fault`: there was no microphone to answer it with. */
  | { phase: 'incoming'; uuid: string; parties: Parties; fault?: MicrophoneFault }
  /** Waits for the microphone and the offer, then for the emulator's reply. */
  | { phase: 'answering'; uuid: string; attempt: number; parties: Parties; listening: boolean }
  | ({ phase: 'ringing'; uuid: string } & Talk)
  /** The number picked up; in `talking` there is somebody to talk to. */
  | ({ phase: 'answered' } & Answered)
  | ({ phase: 'talking' } & Answered)
  | { phase: 'ended'; parties: Parties; ending: Ending };

export type IncomingCall = Extract<Call, { phase: 'incoming' }>;
export type RunningCall = Extract<Call, { phase: 'ringing' | 'answered' | 'talking' }>;
export type AnsweredCall = Extract<Call, { phase: 'answered' | 'talking' }>;
/** A call that cannot be begun or heard yet. */
export type PendingCall = Extract<Call, { phase: 'preparing' | 'dialling' | 'answering' }>;
export type BusyCall = RunningCall | PendingCall;

export interface Phone {
  /** Whether the emulator is reached. */
  line: 'connecting' | 'open';
  call: Call;
  /** Counts the calls, so that a late reply to an earlier one is known as such. */
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
  /** The line was dropped and did not come back in time. */
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
  /** The emulator, or the browser's own media, refuses to dial or to answer. */
  | { type: 'refused'; attempt: number; code: CallFailure; message: string }
  | ({ type: 'update' } & TimedUpdate)
  | { type: 'trouble'; trouble: Trouble }
  /** `inBand`: as tones in the sound of the call, where there is sound to put them in. */
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

/** Whether a call that rings can be answered now. */
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
