/** What the phone's page and the emulator say to each other over socket.io. Numbers are digits only. */

export const PHONE_SOCKET_PATH = '/phone/socket';

/** Sent when a phone connects. */
export interface Welcome {
  /** The number to dial. */
  number: string;
  /** This phone's own number, different in every tab. */
  caller: string;
  /** ISO 3166 code (`GB`) of the country in which numbers without a country code are read. */
  country?: string;
}

export interface DialRequest {
  from: string;
  to: string;
  /** SDP with all its candidates. Without it the call has no sound. */
  offer?: string;
}

export type DialReply =
  | { ok: true; uuid: string; answer?: string }
  | { ok: false; code: 'unknown-number' | 'bad-number' | 'bad-media' | 'internal'; message: string };

/** A call that rings at this phone. */
export interface IncomingRing {
  uuid: string;
  /** Who calls, as the application has it shown: digits, or a name; null is nobody that is known. */
  from: string | null;
  /** The number that is called. */
  to: string;
}

export interface AnswerRequest {
  uuid: string;
  /** SDP with all its candidates. Without it the call has no sound. */
  offer?: string;
}

export type AnswerReply =
  | { ok: true; answer?: string }
  /** `gone`: it rings here no longer. */
  | { ok: false; code: 'gone' | 'bad-media' | 'internal'; message: string };

export type Reply = { ok: true } | { ok: false; message: string };

export type EndReason =
  | 'far-side-hung-up'
  | 'you-hung-up'
  | 'nobody-answered'
  | 'rejected'
  | 'busy'
  | 'not-in-service'
  | 'time-limit'
  /** Of a call that rang here: the caller gave up, or another phone with the same number was first. */
  | 'caller-gave-up'
  | 'answered-elsewhere'
  | 'failed'
  | 'application-error';

/** How a call goes on after it was dialled, or since it rings here. */
export interface CallUpdate {
  uuid: string;
  /** `answered`: the number picked up, if only to speak a text. `connected`: someone else is in the call. */
  status: 'ringing' | 'answered' | 'connected' | 'ended';
  /** Why it ended. */
  reason?: EndReason;
  /** The same for a person, where the reason alone says too little. */
  message?: string;
}

export interface ServerToPhone {
  welcome: (welcome: Welcome) => void;
  ring: (ring: IncomingRing) => void;
  call: (update: CallUpdate) => void;
}

export interface PhoneToServer {
  /** From now on calls to this number ring here, and no others; null: no calls. */
  register: (own: { number: string | null }, reply: (reply: Reply) => void) => void;
  dial: (request: DialRequest, reply: (reply: DialReply) => void) => void;
  answer: (request: AnswerRequest, reply: (reply: AnswerReply) => void) => void;
  /** A call that rings here is not wanted; `busy`: because there is another. */
  reject: (call: { uuid: string; busy?: boolean }, reply: (reply: Reply) => void) => void;
  hangup: (call: { uuid: string }, reply: (reply: Reply) => void) => void;
  dtmf: (keys: { uuid: string; digits: string }, reply: (reply: Reply) => void) => void;
  /** The platform takes the text for what the person in the call said. Nobody hears it. */
  say: (speech: { uuid: string; text: string }, reply: (reply: Reply) => void) => void;
}
