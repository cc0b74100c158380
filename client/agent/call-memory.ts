import { isRecord } from '../session/request.ts';
import { type Call, isCall } from './call-state.ts';

/** A call that an agent is in, kept where any of the agent's tabs finds it. Times are milliseconds since the epoch. */
export interface RememberedCall {
  call: Call;
  /** When the conversation began. */
  since: number;
  sessionId: string;
  /** The desk's name of the call, where there is a desk. */
  deskCall?: string;
  /** When the page was last seen in the call. */
  seen: number;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** How long after it was left a call can be rejoined: the platform gives up a leg without audio. */
export const REJOIN_SECONDS = 20;

export interface CallMemory {
  keep(remembered: RememberedCall): void;
  forget(): void;
  /** The call that was left less than `REJOIN_SECONDS` ago; `here`: in this tab. */
  recall(now: number): (RememberedCall & { here: boolean }) | null;
  /** Another tab leads now: what was left here is no longer this tab's. */
  handOver(): void;
}

/** @param tab storage of this tab alone, which a reload leaves as it is */
export function createCallMemory(storage: Store, tab: Store, agent: string): CallMemory {
  const key = `switchboard.call.${agent}`;
  return {
    keep(remembered) {
      storage.setItem(key, JSON.stringify(remembered));
      tab.setItem(key, remembered.call.id);
    },
    forget() {
      storage.removeItem(key);
      tab.removeItem(key);
    },
    recall(now) {
      const remembered = parse(storage.getItem(key));
      const age = remembered ? now - remembered.seen : 0;
      return remembered && age >= 0 && age < REJOIN_SECONDS * 1_000
        ? { ...remembered, here: tab.getItem(key) === remembered.call.id }
        : null;
    },
    handOver: () => tab.removeItem(key),
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
    (value.deskCall === undefined || typeof value.deskCall === 'string') &&
    typeof value.seen === 'number'
  );
}
