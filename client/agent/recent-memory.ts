import { isRecord } from '../session/request.ts';
import { type EndedCall, type EndReason, isCall } from './call-state.ts';

/** An agent's calls on this computer, kept until the agent signs out. */
export interface RecentMemory {
  /** Newest first. */
  read(): EndedCall[];
  write(calls: readonly EndedCall[]): void;
  forget(): void;
  /** Runs `look` whenever another tab wrote or forgot them. Returns how to stop. */
  onChange(look: () => void): () => void;
}

/** @param onStored runs `look` whenever another tab changed what is stored under `key`; returns how to stop */
export function createRecentMemory(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  agent: string,
  onStored: (key: string, look: () => void) => () => void,
): RecentMemory {
  const key = `switchboard.recent.${agent}`;
  return {
    read() {
      try {
        const stored: unknown = JSON.parse(storage.getItem(key) ?? '[]');
        return Array.isArray(stored) ? stored.filter(isEndedCall) : [];
      } catch {
        return [];
      }
    },
    write: (calls) => storage.setItem(key, JSON.stringify(calls)),
    forget: () => storage.removeItem(key),
    onChange: (look) => onStored(key, look),
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
  'caller-gone': true,
  over: true,
  transferred: true,
  'status-changed': true,
  busy: true,
  'they-declined': true,
  'no-answer': true,
  'not-reached': true,
  'not-placed': true,
  'no-microphone': true,
};

function isEndedCall(value: unknown): value is EndedCall {
  return (
    isRecord(value) &&
    isCall(value.call) &&
    typeof value.reason === 'string' &&
    Object.hasOwn(reasons, value.reason) &&
    typeof value.at === 'number' &&
    (value.talked === null || typeof value.talked === 'number') &&
    (value.answeredBy == null || typeof value.answeredBy === 'string')
  );
}
