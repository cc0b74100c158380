import type { CallUpdate, DialReply, EndReason } from '../protocol.ts';

/** Who dials whom: digits only. */
export interface Parties {
  from: string;
  to: string;
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

export type Trouble = { kind: SoundTrouble } | { kind: 'key-not-sent'; digit: string };

/** Why a number could not be dialled: the emulator's reply, or the lack of one, or of sound in the browser. */
export type Refusal = Extract<DialReply, { ok: false }>['code'] | 'no-reply' | 'no-sound';

/** What is true of a call from the first ring to its end. */
export interface Talk {
  parties: Parties;
  /** Nothing is said in this call: it was dialled without a microphone. */
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
}

export type Ending =
  /** The number could not be dialled, so there never was a call. */
  | { kind: 'refused'; code: Refusal; message: string }
  | { kind: 'over'; reason: EndReason | 'connection-lost'; message?: string };

export type Call =
  | { phase: 'idle' }
  /** Waits for the microphone and the offer. */
  | { phase: 'preparing'; attempt: number; parties: Parties; listening: boolean }
  | { phase: 'no-microphone'; parties: Parties; fault: MicrophoneFault }
  /** Waits for the emulator's reply; updates that overtake it wait too. */
  | { phase: 'dialling'; attempt: number; parties: Parties; listening: boolean; early: TimedUpdate[] }
  | ({ phase: 'ringing'; uuid: string } & Talk)
  /** The number picked up; in `talking` there is somebody to talk to. */
  | ({ phase: 'answered' } & Answered)
  | ({ phase: 'talking' } & Answered)
  | { phase: 'ended'; parties: Parties; ending: Ending };

export type RunningCall = Extract<Call, { phase: 'ringing' | 'answered' | 'talking' }>;
export type AnsweredCall = Extract<Call, { phase: 'answered' | 'talking' }>;
export type BusyCall = RunningCall | Extract<Call, { phase: 'preparing' | 'dialling' }>;

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
  | { type: 'dial'; parties: Parties }
  | { type: 'dial-listening' }
  | { type: 'prepared'; attempt: number; offer: string }
  | { type: 'microphone-failed'; attempt: number; fault: MicrophoneFault }
  | { type: 'accepted'; attempt: number; uuid: string; answer: string | undefined }
  /** The emulator, or the browser's own media, refuses to dial. */
  | { type: 'refused'; attempt: number; code: Refusal; message: string }
  | ({ type: 'update' } & TimedUpdate)
  | { type: 'trouble'; trouble: Trouble }
  | { type: 'key'; digit: string }
  | { type: 'mute'; muted: boolean }
  | { type: 'hang-up' };

export type Effect =
  | { type: 'prepare-audio'; attempt: number; listening: boolean }
  | { type: 'connect-audio'; answer: string }
  | { type: 'mute-audio'; muted: boolean }
  | { type: 'close-audio' }
  | { type: 'dial'; attempt: number; parties: Parties; offer: string }
  | { type: 'send-digit'; uuid: string; digit: string }
  | { type: 'hang-up'; uuid: string };

export interface Step {
  phone: Phone;
  effects: Effect[];
}

export const firstPhone: Phone = { line: 'connecting', call: { phase: 'idle' }, attempts: 0 };

const CLOSE_AUDIO: Effect = { type: 'close-audio' };

/** Decides what an event makes of the phone. An event that means nothing now changes nothing. */
export function step(phone: Phone, event: PhoneEvent): Step {
  const { call } = phone;
  switch (event.type) {
    case 'line-opened':
      return lineOpened({ ...phone, line: 'open' }, event.recovered);

    case 'line-dropped': {
      const cut: Phone = { ...phone, line: 'connecting' };
      // The reply to a dial is lost with the line, a running call may survive.
      return call.phase === 'preparing' || call.phase === 'dialling'
        ? end(cut, call.parties, { kind: 'over', reason: 'connection-lost' })
        : same(cut);
    }

    case 'line-lost':
      if (isBusy(call)) return end(phone, call.parties, { kind: 'over', reason: 'connection-lost' });
      return isLostConnection(call) ? same(phone) : same({ ...phone, call: { phase: 'idle' } });

    case 'dial':
      return isDialable(phone) ? prepare(phone, event.parties, false) : same(phone);

    case 'dial-listening':
      return call.phase === 'no-microphone' && phone.line === 'open'
        ? prepare(phone, call.parties, true)
        : same(phone);

    case 'prepared':
      if (call.phase !== 'preparing' || call.attempt !== event.attempt) return same(phone);
      return {
        phone: { ...phone, call: { ...call, phase: 'dialling', early: [] } },
        effects: [{ type: 'dial', attempt: call.attempt, parties: call.parties, offer: event.offer }],
      };

    case 'microphone-failed':
      if (call.phase !== 'preparing' || call.attempt !== event.attempt) return same(phone);
      return {
        phone: { ...phone, call: { phase: 'no-microphone', parties: call.parties, fault: event.fault } },
        effects: [CLOSE_AUDIO],
      };

    case 'accepted':
      return accepted(phone, event);

    case 'refused':
      return (call.phase === 'preparing' || call.phase === 'dialling') && call.attempt === event.attempt
        ? end(phone, call.parties, { kind: 'refused', code: event.code, message: event.message })
        : same(phone);

    case 'update':
      return updated(phone, event);

    case 'trouble':
      return isRunning(call) ? same({ ...phone, call: { ...call, trouble: event.trouble } }) : same(phone);

    case 'key':
      if (!isAnswered(call) || phone.line !== 'open') return same(phone);
      return {
        phone: { ...phone, call: { ...call, keyed: call.keyed + event.digit } },
        effects: [{ type: 'send-digit', uuid: call.uuid, digit: event.digit }],
      };

    case 'mute':
      if (!isRunning(call) || call.listening) return same(phone);
      return {
        phone: { ...phone, call: { ...call, muted: event.muted } },
        effects: [{ type: 'mute-audio', muted: event.muted }],
      };

    case 'hang-up':
      return hungUp(phone);
  }
}

/** Whether a call can be dialled now. */
export function isDialable({ line, call }: Phone): boolean {
  return line === 'open' && !isBusy(call);
}

/** Whether there is a call, or one is being dialled. */
export function isBusy(call: Call): call is BusyCall {
  return call.phase === 'preparing' || call.phase === 'dialling' || isRunning(call);
}

/** Whether the emulator knows this call. */
export function isRunning(call: Call): call is RunningCall {
  return call.phase === 'ringing' || isAnswered(call);
}

/** Whether the number has picked up. */
export function isAnswered(call: Call): call is AnsweredCall {
  return call.phase === 'answered' || call.phase === 'talking';
}

function isLostConnection(call: Call): boolean {
  return call.phase === 'ended' && call.ending.kind === 'over' && call.ending.reason === 'connection-lost';
}

function lineOpened(phone: Phone, recovered: boolean): Step {
  const { call } = phone;
  if (recovered || !isRunning(call)) return same(phone);
  const ended = end(phone, call.parties, { kind: 'over', reason: 'connection-lost' });
  // The emulator may still hold the call under the connection that is gone.
  return { ...ended, effects: [{ type: 'hang-up', uuid: call.uuid }, ...ended.effects] };
}

function prepare(phone: Phone, parties: Parties, listening: boolean): Step {
  const attempt = phone.attempts + 1;
  return {
    phone: { ...phone, attempts: attempt, call: { phase: 'preparing', attempt, parties, listening } },
    effects: [{ type: 'prepare-audio', attempt, listening }],
  };
}

function accepted(phone: Phone, event: Extract<PhoneEvent, { type: 'accepted' }>): Step {
  const { call } = phone;
  const { uuid, answer } = event;
  if (call.phase !== 'dialling' || call.attempt !== event.attempt) {
    // Hung up before the emulator replied: only now is there something to hang up.
    return { phone, effects: [{ type: 'hang-up', uuid }] };
  }
  const { parties, listening, early } = call;
  const ringing: Call = { phase: 'ringing', uuid, parties, listening, muted: false };
  const first: Step = {
    phone: { ...phone, call: ringing },
    effects: answer === undefined ? [] : [{ type: 'connect-audio', answer }],
  };
  return early.reduce<Step>((before, update) => {
    const after = updated(before.phone, update);
    return { phone: after.phone, effects: [...before.effects, ...after.effects] };
  }, first);
}

function updated(phone: Phone, { update, at }: TimedUpdate): Step {
  const { call } = phone;
  if (call.phase === 'dialling') {
    return same({ ...phone, call: { ...call, early: [...call.early, { update, at }] } });
  }
  if (!isRunning(call) || call.uuid !== update.uuid) return same(phone);
  switch (update.status) {
    case 'ringing':
      return same(phone);
    case 'answered':
      return isAnswered(call)
        ? same(phone)
        : same({ ...phone, call: { ...call, phase: 'answered', since: at, keyed: '' } });
    case 'connected':
      return call.phase === 'talking'
        ? same(phone)
        : same({ ...phone, call: { keyed: '', ...call, phase: 'talking', since: at } });
    case 'ended':
      return end(phone, call.parties, {
        kind: 'over',
        reason: update.reason ?? 'far-side-hung-up',
        ...(update.message === undefined ? {} : { message: update.message }),
      });
  }
}

function hungUp(phone: Phone): Step {
  const { call } = phone;
  if (!isBusy(call)) return same(phone);
  const ended = end(phone, call.parties, { kind: 'over', reason: 'you-hung-up' });
  return isRunning(call)
    ? { ...ended, effects: [{ type: 'hang-up', uuid: call.uuid }, ...ended.effects] }
    : ended;
}

function end(phone: Phone, parties: Parties, ending: Ending): Step {
  return { phone: { ...phone, call: { phase: 'ended', parties, ending } }, effects: [CLOSE_AUDIO] };
}

function same(phone: Phone): Step {
  return { phone, effects: [] };
}
