import type { Agent, PageState } from '../../../domain/desk/desk.ts';
import type { DeskFact } from '../../../domain/desk/events.ts';
import type { Clock } from '../../clock.ts';
import { createGroupCommit, type GroupLimits } from '../../store/group-commit.ts';

/** Seconds that a page counts as there after it was heard from. */
export const LEASE_SECONDS = 9;
/** Milliseconds between two writes of pages of which nothing is new but that they are there. */
const BATCH_MS = 1_000;

/** Pages that are told in one transaction, and those that may wait for it. */
const LIMITS: GroupLimits = {
  batch: { items: 1_000, size: Infinity },
  queue: { items: 10_000, size: Infinity },
};

/** Takes the beats of the agents' pages: what is new is stored at once, all else once a second. */
export interface Presence {
  /** Resolves to whether this tab is the one that takes the agent's calls. */
  beat(agent: string, page: PageState): Promise<boolean>;
  /** Beats that come until the store closes are still taken. */
  close(): void;
}

interface PresenceOptions {
  clock: Clock;
  tell(facts: readonly DeskFact[]): Promise<void>;
  /** Agents, with the page that takes the calls of each. */
  agents(): Promise<ReadonlyMap<string, Pick<Agent, 'page'>>>;
}

export function createPresence({ clock, tell, agents }: PresenceOptions): Presence {
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

  /**
   * Pages of which something is new. Each transaction of the desk reads the whole team: after a restart hundreds of pages
   * come at once, and one by one would take longer than they count as there.
   */
  const news = createGroupCommit(
    async (pages: readonly { agent: string; page: PageState }[]) => {
      await tell(pages.map(({ agent, page }) => factOf(agent, page)));
      const leading = await agents();
      return pages.map(({ agent, page }) => leading.get(agent)?.page?.tab === page.tab);
    },
    () => 1,
    LIMITS,
  );

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
      // What was to be told of this tab is out of date.
      if (waiting.get(agent)?.tab === page.tab) waiting.delete(agent);
      const isLeader = await news.add({ agent, page });
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
