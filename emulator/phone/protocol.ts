/** What the phone's page and the emulator say to each other over socket.io. Numbers are digits only. */

export const PHONE_SOCKET_PATH = '/phone/socket';

/** Sent when a phone connects. */
export interface Welcome {
  /** The number to dial. */
  number: string;
  /** A number of its own for this phone, another one in every tab. */
  caller: string;
  /** ISO 3166 code (`GB`) by which numbers without a country code are read. */
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

export type Reply = { ok: true } | { ok: false; message: string };

export type EndReason =
  | 'far-side-hung-up'
  | 'you-hung-up'
  | 'nobody-answered'
  | 'rejected'
  | 'failed'
  | 'application-error';

/** How a call goes on after it was dialled. */
export interface CallUpdate {
  uuid: string;
  /** `answered`: the number picked up, if only to speak a text. `connected`: somebody else is in the call. */
  status: 'ringing' | 'answered' | 'connected' | 'ended';
  /** Why it ended. */
  reason?: EndReason;
  /** The same for a person, where the reason alone says too little. */
  message?: string;
}

export interface ServerToPhone {
  welcome: (welcome: Welcome) => void;
  call: (update: CallUpdate) => void;
}

export interface PhoneToServer {
  dial: (request: DialRequest, reply: (reply: DialReply) => void) => void;
  hangup: (call: { uuid: string }, reply: (reply: Reply) => void) => void;
  dtmf: (keys: { uuid: string; digits: string }, reply: (reply: Reply) => void) => void;
}
