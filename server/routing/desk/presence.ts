import type { PageState } from '../../../domain/desk/desk.ts';
import type { DeskFact } from '../../../domain/desk/events.ts';
import type { Clock } from '../../clock.ts';

/** Seconds that a page counts as there after it was heard from. */
export const LEASE_SECONDS = 9;
/** Milliseconds between two writes of pages of which nothing is new but that they are there. */
const BATCH_MS = 1_000;

/** Takes the beats of the agents' pages: what is new is stored at once, all else once a second. */
export interface Presence {
  /** Resolves to whether this tab is the one that takes the agent's calls. */
  beat(agent: string, page: PageState): Promise<boolean>;
  close(): void;
}

interface PresenceOptions {
  clock: Clock;
  tell(facts: readonly DeskFact[]): Promise<void>;
  /** The tab that takes the agent's calls now. */
  leaderOf(agent: string): Promise<string | undefined>;
}

export function createPresence({ clock, tell, leaderOf }: PresenceOptions): Presence {
  /** The leading tab of each agent, as this server stored it last. */
  const known = new Map<string, { page: PageState; until: number }>();
  const waiting = new Map<string, PageState>();
  let cancelTimer: (() => void) | undefined;

  const factOf = (agent: string, page: PageState): DeskFact => ({
    kind: 'page seen',
    agent,
    page,
    until: clock.now() + LEASE_SECONDS * 1000,
  });

  async function flush(): Promise<void> {
    cancelTimer = undefined;
    const facts = [...waiting].map(([agent, page]) => factOf(agent, page));
    waiting.clear();
    await tell(facts).catch(() => {
      // The next beat tries again.
    });
  }

  return {
    async beat(agent, page) {
      const last = known.get(agent);
      const until = clock.now() + LEASE_SECONDS * 1000;
      if (last !== undefined && last.until > clock.now() && isSame(last.page, page)) {
        known.set(agent, { page, until });
        waiting.set(agent, page);
        cancelTimer ??= clock.after(BATCH_MS, () => void clock.during(flush()));
        return true;
      }
      await tell([factOf(agent, page)]);
      const isLeader = (await leaderOf(agent)) === page.tab;
      if (isLeader) known.set(agent, { page, until });
      else if (last?.page.tab === page.tab) known.delete(agent);
      return isLeader;
    },
    close() {
      cancelTimer?.();
    },
  };
}

function isSame(a: PageState, b: PageState): boolean {
  return a.tab === b.tab && a.line === b.line && a.sound === b.sound && a.microphone === b.microphone;
}
