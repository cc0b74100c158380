import type { TokenGrant } from '../../domain/api/page-api.ts';
import type { Call, EndReason } from './call-state.ts';
import type { SessionLoss } from './line-machine.ts';

/** What happens at the platform, in the page's own words: no type of the SDK goes further than its adapter. */
export type PhoneEvent =
  | { type: 'invited'; call: Call }
  | { type: 'over'; callId: string; reason: EndReason }
  /** How far the other side of a call is that this page dialled. */
  | { type: 'dial-progress'; callId: string; progress: 'ringing' | 'answered' }
  | { type: 'media-lost'; callId: string }
  | { type: 'media-back'; callId: string }
  | { type: 'mute-changed'; callId: string; muted: boolean }
  /** The other side of the call pressed keys. */
  | { type: 'keys-heard'; callId: string; digits: string }
  | { type: 'session-reconnecting' }
  | { type: 'session-back' }
  | { type: 'session-lost'; loss: SessionLoss }
  /** Worth a line in the event log, and nothing else. */
  | { type: 'noted'; text: string };

export type PhoneFailure =
  | 'token-expired'
  | 'token-refused'
  | 'session-limit'
  | 'session-unknown'
  | 'unreachable'
  | 'other';

/** Why the platform did not do what it was asked for. */
export class PhoneError extends Error {
  readonly failure: PhoneFailure;

  constructor(failure: PhoneFailure, message: string) {
    super(message);
    this.name = 'PhoneError';
    this.failure = failure;
  }
}

/** A telephone in the browser. Every promise rejects with a `PhoneError`. */
export interface Phone {
  /**
   * Opens a session and resolves with its id.
   * @param sessionId a session to take up again: the platform then repeats what was missed.
   */
  open(token: string, sessionId: string | null): Promise<string>;
  /** Gives the open session a new token. */
  renew(token: string): Promise<void>;
  close(): Promise<void>;
  /** Calls a number, E.164 without `+`. Resolves with the id of the call when audio flows, before anybody answers. */
  dial(number: string): Promise<string>;
  /** Resolves when audio flows. */
  answer(callId: string): Promise<void>;
  /** Takes up a call that this user has joined already. Resolves when audio flows. */
  rejoin(callId: string): Promise<void>;
  reject(callId: string): Promise<void>;
  hangUp(callId: string): Promise<void>;
  /** Hangs up a call that this user has joined, but this page has not. */
  leave(callId: string): Promise<void>;
  /** Resolves when the platform accepted; the `mute-changed` event says that it is done. */
  setMuted(callId: string, muted: boolean): Promise<void>;
  sendDigits(callId: string, digits: string): Promise<void>;
  /** Says when the microphone of a call stops or begins to work. Returns how to stop. */
  watchMicrophone(callId: string, onChange: (works: boolean) => void): () => void;
  /** Plays calls on another device; rejects where that cannot be. */
  setSpeaker(deviceId: string): Promise<void>;
  /** How loud calls are, from 0 to 1. */
  setVolume(volume: number): void;
  /** The browser's statistics of a call's connection. */
  statistics(callId: string): Promise<readonly Record<string, unknown>[]>;
  /** Sends the sound of another microphone; muted as the last one was. */
  replaceMicrophone(callId: string, track: MediaStreamTrack): Promise<void>;
}

/** What is loaded after the first paint, because it is ten times the size of the page. */
export interface PhoneKit {
  createPhone(sdk: TokenGrant['sdk'], listener: (event: PhoneEvent) => void): Phone;
  /** A number as people write it: `447700900000` → `+44 7700 900000`. */
  formatNumber(digits: string): string;
}
