import { isRecord } from '../session/request.ts';
import { type Call, isCall } from './call-state.ts';

/** A call that an agent is in, kept where any of the agent's tabs finds it. Times are milliseconds since the epoch. */
export interface RememberedCall {
  call: Call;
  /** When the conversation began. */
  since: number;
  sessionId: string;
  /** When the page was last seen in the call. */
  seen: number;
}

/** How long after it was left a call can be rejoined: the platform gives up a leg without audio. */
export const REJOIN_SECONDS = 20;

export interface CallMemory {
  keep(remembered: RememberedCall): void;
  forget(): void;
  /** The call that was left less than `REJOIN_SECONDS` ago. */
  recall(now: number): RememberedCall | null;
}

export function createCallMemory(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  agent: string,
): CallMemory {
  const key = `switchboard.call.${agent}`;
  return {
    keep: (remembered) => storage.setItem(key, JSON.stringify(remembered)),
    forget: () => storage.removeItem(key),
    recall(now) {
      const remembered = parse(storage.getItem(key));
      const age = remembered ? now - remembered.seen : 0;
      return remembered && age >= 0 && age < REJOIN_SECONDS * 1_000 ? remembered : null;
    },
  };
}

function parse(text: string | null): RememberedCall | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isRemembered(value) ? value : null;
  } catch {
    return null;
  }
}

function isRemembered(value: unknown): value is RememberedCall {
  return (
    isRecord(value) &&
    isCall(value.call) &&
    typeof value.since === 'number' &&
    typeof value.sessionId === 'string' &&
    typeof value.seen === 'number'
  );
}
