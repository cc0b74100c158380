import type { Call, CallerKind } from './call-state.ts';

/** A call that this tab is in, kept where a reload of the page finds it. Times are milliseconds since the epoch. */
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

const KEY = 'switchboard.call';

export interface CallMemory {
  keep(remembered: RememberedCall): void;
  forget(): void;
  /** The call that was left less than `REJOIN_SECONDS` ago. */
  recall(now: number): RememberedCall | null;
}

export function createCallMemory(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): CallMemory {
  return {
    keep: (remembered) => storage.setItem(KEY, JSON.stringify(remembered)),
    forget: () => storage.removeItem(KEY),
    recall(now) {
      const remembered = parse(storage.getItem(KEY));
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

const kinds: Record<CallerKind, true> = { phone: true, app: true, sip: true, websocket: true };

function isRemembered(value: unknown): value is RememberedCall {
  return (
    isRecord(value) &&
    isRecord(value.call) &&
    typeof value.call.id === 'string' &&
    typeof value.call.from === 'string' &&
    typeof value.call.kind === 'string' &&
    Object.hasOwn(kinds, value.call.kind) &&
    typeof value.since === 'number' &&
    typeof value.sessionId === 'string' &&
    typeof value.seen === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
