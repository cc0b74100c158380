import type { Call } from './call-state.ts';
import { type Phone, PhoneError, type PhoneEvent, type PhoneKit } from './phone.ts';

export interface FakePhone {
  kit: PhoneKit;
  /** What the page asked for, in order: `answer leg-1`, `open token-1`, … */
  asked: string[];
  /** Says something in the platform's place. */
  say(event: PhoneEvent): void;
  /** The microphone of the call stops working, or begins again. */
  microphoneWorks(isSo: boolean): void;
  ring(id: string, from?: string): Call;
  /** Makes every later request of this name fail (`answer`, `open`, …) until `allow`. */
  refuse(name: string, error?: PhoneError): void;
  /** Keeps requests of this name open until `allow`. */
  hold(name: string): void;
  allow(name: string): void;
}

/** A telephone without a platform: for tests, and for looking at the page in every state. */
export function createFakePhone(): FakePhone {
  const asked: string[] = [];
  const refused = new Map<string, PhoneError>();
  const held = new Map<string, PromiseWithResolvers<void>>();
  let tell: (event: PhoneEvent) => void = () => {};
  let works: (works: boolean) => void = () => {};
  let sessions = 0;

  async function request(name: string, ...details: string[]): Promise<void> {
    asked.push([name, ...details].join(' '));
    await held.get(name)?.promise;
    const error = refused.get(name);
    if (error) {
      throw error;
    }
  }

  const phone: Phone = {
    async open(token, sessionId) {
      await request('open', token, ...(sessionId ? [sessionId] : []));
      sessions += 1;
      return sessionId ?? `session-${sessions}`;
    },
    renew: (token) => request('renew', token),
    close: () => request('close'),
    async dial(number) {
      await request('dial', number);
      return 'leg-dialled';
    },
    answer: (callId) => request('answer', callId),
    rejoin: (callId) => request('rejoin', callId),
    reject: (callId) => request('reject', callId),
    async hangUp(callId) {
      await request('hangUp', callId);
      tell({ type: 'over', callId, reason: 'you-hung-up' });
    },
    leave: (callId) => request('leave', callId),
    setMuted: (callId, muted) => request('setMuted', callId, String(muted)),
    sendDigits: (callId, digits) => request('sendDigits', callId, digits),
    watchMicrophone(_callId, onChange) {
      works = onChange;
      return () => {
        works = () => {};
      };
    },
    setSpeaker: (deviceId) => request('setSpeaker', deviceId),
    setVolume: (volume) => void asked.push(`setVolume ${volume}`),
    statistics: async () => [],
    replaceMicrophone: (callId) => request('replaceMicrophone', callId),
  };

  return {
    asked,
    kit: {
      createPhone(_sdk, listener) {
        tell = listener;
        return phone;
      },
      formatNumber: (digits) =>
        digits.replace(/^44(77\d\d)(\d{6})$/, '+44 $1 $2').replace(/^44(20)(\d{4})(\d{4})$/, '+44 $1 $2 $3'),
    },
    say: (event) => tell(event),
    microphoneWorks: (isSo) => works(isSo),
    ring(id, from = '447700900000') {
      const call: Call = { id, from, kind: 'phone' };
      tell({ type: 'invited', call });
      return call;
    },
    refuse(name, error = new PhoneError('other', `${name} refused`)) {
      refused.set(name, error);
    },
    hold(name) {
      held.set(name, Promise.withResolvers());
    },
    allow(name) {
      refused.delete(name);
      held.get(name)?.resolve();
      held.delete(name);
    },
  };
}
