import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSession, type Session } from 'better-sse';
import { summaryOf } from './entry.ts';
import type { Change, TrafficLog } from './log.ts';

/** Server-sent events of every change of the log. */
export interface TrafficFeed {
  /**
   * Serves one page until it leaves. First comes `begin` with the log's epoch and whether the page goes on where
   * it was; then `entry` with the summary of each entry that is new or changed; `begin` again when the log is cleared.
   */
  open(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

/** Bytes that may wait for a slow page. It is then let go, and resumes where it was. */
const MOST_WAITING = 1024 * 1024;
/** Milliseconds. */
const RETRY = 1000;
const KEEP_ALIVE = 15_000;

export function createTrafficFeed(log: TrafficLog): TrafficFeed {
  const readers = new Map<Session, ServerResponse>();

  const idOf = (revision: number) => `${log.epoch}.${revision}`;

  function begin(session: Session, isResumed: boolean): void {
    session.push({ epoch: log.epoch, isResumed }, 'begin', idOf(log.revision));
  }

  function tell(session: Session, change: Change): void {
    if (change.type === 'cleared') begin(session, false);
    else session.push(summaryOf(change.entry), 'entry', idOf(change.entry.revision));
  }

  const stopListening = log.onChange((change) => {
    for (const [session, response] of readers) {
      if (response.writableLength > MOST_WAITING) response.end();
      else tell(session, change);
    }
  });

  return {
    async open(request, response) {
      const session = await createSession(request, response, { retry: RETRY, keepAlive: KEEP_ALIVE });
      const [epoch, revision] = session.lastId.split('.');
      const isResumed = epoch === log.epoch && /^\d{1,15}$/.test(revision ?? '');
      // What was missed comes first: each message says where to go on, and `begin` would say: after everything.
      if (isResumed) {
        for (const entry of log.changedAfter(Number(revision))) tell(session, { type: 'entry', entry });
      }
      begin(session, isResumed);
      readers.set(session, response);
      session.once('disconnected', () => readers.delete(session));
    },
    close() {
      stopListening();
      for (const response of readers.values()) response.end();
      readers.clear();
    },
  };
}
