import type { SoundObserver } from '../media/stream-loader.ts';
import { hint } from './hint.ts';
import type { TrafficLog } from './log.ts';
import { redactHeaders, redactUrl } from './redact.ts';

interface SoundRecorderOptions {
  log: TrafficLog;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Writes each request for a sound into the log, with what to do about one that cannot be played. */
export function recordSounds({ log, now }: SoundRecorderOptions): SoundObserver {
  return (address, { what, conversation, leg, application }) => {
    const { end } = log.begin({
      direction: 'out',
      kind: 'stream',
      what,
      method: 'GET',
      url: redactUrl(address),
      startedAt: now(),
      call: conversation,
      leg,
      application,
      attempt: 1,
      repeats: null,
      repeatable: false,
      hint: null,
      request: { headers: [], body: null },
      proof: { type: 'none' },
    });
    return ({ status, contentType, reason }) => {
      const answered = status !== null && {
        status,
        response: { headers: redactHeaders([['content-type', contentType]]), body: null },
      };
      if (reason === undefined) return end({ ...answered });
      const code = status === 200 ? 'sound-unreadable' : 'sound-missing';
      // The status of a refusal says enough.
      const error = status === null || status === 200 ? { error: reason } : {};
      end({ ...answered, ...error, hint: hint(code, { reason }) });
    };
  };
}
