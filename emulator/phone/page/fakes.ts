import type { AnswerReply, AnswerRequest, CallUpdate, DialReply, DialRequest, Reply } from '../protocol.ts';
import type { CallAudio, Preparation } from './audio.ts';
import type { SoundTrouble } from './phone-state.ts';
import type { Line, LineListener } from './socket.ts';

/** A line without an emulator: it records what is sent, and the test controls what it receives. */
export function fakeLine() {
  let listener: LineListener | undefined;
  const sent: string[] = [];
  const dialled: { request: DialRequest; reply: (reply: DialReply) => void; fail: () => void }[] = [];
  const answered: { request: AnswerRequest; reply: (reply: AnswerReply) => void; fail: () => void }[] = [];
  const replies: { digit: Reply; say: Reply; register: Reply } = {
    digit: { ok: true },
    say: { ok: true },
    register: { ok: true },
  };
  const registered: (string | null)[] = [];
  const line: Line = {
    async register(number) {
      registered.push(number);
      return replies.register;
    },
    dial(request) {
      const { promise, resolve, reject } = Promise.withResolvers<DialReply>();
      dialled.push({ request, reply: resolve, fail: () => reject(new Error('disconnected')) });
      return promise;
    },
    answer(request) {
      const { promise, resolve, reject } = Promise.withResolvers<AnswerReply>();
      answered.push({ request, reply: resolve, fail: () => reject(new Error('disconnected')) });
      return promise;
    },
    reject: (uuid, busy) => void sent.push(`${busy ? 'busy for' : 'reject'} ${uuid}`),
    hangUp: (uuid) => void sent.push(`hang up ${uuid}`),
    async sendDigit(uuid, digit) {
      sent.push(`${digit} to ${uuid}`);
      return replies.digit;
    },
    async say(uuid, text) {
      sent.push(`"${text}" to ${uuid}`);
      return replies.say;
    },
    leave: () => void sent.push('leave'),
    comeBack: () => void sent.push('come back'),
  };
  return {
    sent,
    dialled,
    answered,
    registered,
    replies,
    open(to: LineListener): Line {
      listener = to;
      return line;
    },
    welcome(number = '442038297050', caller = '447700900000') {
      listener?.welcomed({ number, caller, country: 'GB' });
      listener?.opened(false);
    },
    drop: () => listener?.dropped(),
    lose: () => listener?.lost(),
    ring: (uuid = 'call-9', from: string | null = '442038297050') =>
      listener?.rang({ uuid, from, to: '447700900000' }),
    update: (update: CallUpdate) => listener?.updated(update),
  };
}

/** Audio without a browser, one per call, prepared by `preparation`. */
export function fakeAudios() {
  const opened: (CallAudio & { log: string[]; trouble: (trouble: SoundTrouble) => void })[] = [];
  const audios = {
    opened,
    preparation: async (listening: boolean): Promise<Preparation> => ({
      ok: true,
      offer: listening ? 'offer to listen' : 'offer',
    }),
    connection: async () => {},
    open(trouble: (trouble: SoundTrouble) => void): CallAudio {
      const log: string[] = [];
      const audio = {
        log,
        trouble,
        prepare: (listening: boolean) => audios.preparation(listening),
        connect(answer: string) {
          log.push(`connect ${answer}`);
          return audios.connection();
        },
        mute: (muted: boolean) => void log.push(muted ? 'mute' : 'unmute'),
        async soundKey(digit: string) {
          log.push(`key ${digit}`);
        },
        heard: () => 0.5,
        said: () => 0.25,
        close: () => void log.push('close'),
      };
      opened.push(audio);
      return audio;
    },
  };
  return audios;
}
