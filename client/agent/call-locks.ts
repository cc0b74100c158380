/**
 * Tells the tabs of one browser apart: a duplicated tab remembers the same call as its original, but only one
 * of them can be in it.
 */
export interface CallLocks {
  /** This tab is in the call, until the returned function is called or the tab is gone. */
  hold(callId: string): () => void;
  /** Whether another tab is in the call. */
  isHeldElsewhere(callId: string): Promise<boolean>;
}

/** A tab that is reloaded gives its locks back a moment after the new page has begun (milliseconds). */
const GIVEN_BACK_MS = 500;

/** @param locks absent where the page is not served securely; no tab knows of another then */
export function createCallLocks(locks: LockManager | undefined): CallLocks {
  const nameOf = (callId: string) => `switchboard.call.${callId}`;

  return {
    hold(callId) {
      const end = Promise.withResolvers<void>();
      const left = new AbortController();
      locks?.request(nameOf(callId), { signal: left.signal }, () => end.promise).catch(() => {});
      return () => {
        left.abort();
        end.resolve();
      };
    },
    async isHeldElsewhere(callId) {
      const patience = AbortSignal.timeout(GIVEN_BACK_MS);
      try {
        await locks?.request(nameOf(callId), { signal: patience }, () => {});
        return false;
      } catch {
        // A browser that refuses the lock for another reason knows of no other tab.
        return patience.aborted;
      }
    },
  };
}
