import { isRecord } from '../session/request.ts';
import { type EndedCall, type EndReason, isCall } from './call-state.ts';

/** The calls that were on this page, kept where a reload of the page finds them. */
export interface RecentMemory {
  /** Newest first. */
  read(): EndedCall[];
  write(calls: readonly EndedCall[]): void;
}

const KEY = 'switchboard.recent';

export function createRecentMemory(storage: Pick<Storage, 'getItem' | 'setItem'>): RecentMemory {
  return {
    read() {
      try {
        const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
        return Array.isArray(stored) ? stored.filter(isEndedCall) : [];
      } catch {
        return [];
      }
    },
    write: (calls) => storage.setItem(KEY, JSON.stringify(calls)),
  };
}

const reasons: Record<EndReason, true> = {
  'caller-hung-up': true,
  'you-hung-up': true,
  'you-rejected': true,
  'caller-gave-up': true,
  'answered-elsewhere': true,
  'rejected-elsewhere': true,
  'nobody-answered': true,
  'connection-lost': true,
};

function isEndedCall(value: unknown): value is EndedCall {
  return (
    isRecord(value) &&
    isCall(value.call) &&
    typeof value.reason === 'string' &&
    Object.hasOwn(reasons, value.reason) &&
    typeof value.at === 'number' &&
    (value.talked === null || typeof value.talked === 'number')
  );
}
