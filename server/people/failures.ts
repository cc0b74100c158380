import type { Audit } from '../audit/audit.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';

/** Failed sign-ins that this server records in a minute. What follows is one entry that says so. */
const MOST_FAILURES = 60;

const MINUTE = 60_000;

/** Records failed sign-ins, but not so many that an attack fills the store. */
export function createFailures(audit: Audit) {
  let count = 0;
  let endsAt = 0;
  return {
    /** @param who null: not an account. What was typed instead may be a code, so it is not recorded. */
    async note(who: string | null, from: string | null, details?: string): Promise<void> {
      const now = Date.now();
      if (now >= endsAt) [count, endsAt] = [0, now + MINUTE];
      count += 1;
      if (count > MOST_FAILURES + 1) return;
      const fact =
        count <= MOST_FAILURES
          ? { who, from, what: 'sign-in failed' as const, details }
          : { who: null, from: null, what: 'sign-in failed' as const, details: 'and more in this minute' };
      // Nobody gets in either way: the answer does not depend on the store.
      await audit.note(fact).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
      });
    },
  };
}
