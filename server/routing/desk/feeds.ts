import type { WallView } from '../../../domain/api/wall-api.ts';
import type { Desk } from '../../../domain/desk/desk.ts';
import type { Clock } from '../../clock.ts';
import { createPageFeed, type PageFeed } from './page-feed.ts';
import { viewForAgent } from './view.ts';

/** A tab of an agent's page. */
interface Tab {
  agent: string;
  tab: string;
}

/** Streams to each agent's pages what the desk wants of her. */
export type DeskFeed = PageFeed<Tab>;

/** Streams the whole desk to supervisors' walls. */
export type WallFeed = PageFeed<null>;

interface FeedOptions<State> {
  clock: Clock;
  read(): Promise<State>;
  /** Calls the listener when the desk changed. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
}

interface DeskFeedOptions extends FeedOptions<Desk> {
  /** This server among those that share the store. */
  server: string;
  /** A tab has opened its feed: another server, where it was open before, must not take it for gone. */
  pageOpened(agent: string, tab: string): Promise<void>;
  /** The feed of the tab that takes an agent's calls has closed and did not come back, here or at another server. */
  pageClosed(agent: string): Promise<void>;
}

/** Milliseconds that a tab has to open its feed again. */
const COME_BACK_MS = 1_000;

export function createDeskFeed(options: DeskFeedOptions): DeskFeed {
  const { clock, read, onChange, server, pageOpened, pageClosed } = options;

  async function lookWhetherGone(
    { agent: name, tab }: Tab,
    others: () => readonly Tab[] | null,
  ): Promise<void> {
    const isBack = others()?.some((each) => each.agent === name && each.tab === tab) ?? true;
    if (isBack) return;
    const agent = (await read()).agents.get(name);
    if (agent?.page?.tab !== tab) return;
    const { feedAt } = agent;
    const isElsewhere = feedAt != null && feedAt !== server;
    if (!isElsewhere) await pageClosed(name);
  }

  return createPageFeed<Desk, Tab>({
    clock,
    event: 'desk',
    read,
    onChange,
    paceMs: 0,
    lookMs: null,
    showTo(reader, desk) {
      const { now, ...view } = viewForAgent(desk, reader.agent, clock.now());
      return { mark: JSON.stringify(view), state: { now, ...view } };
    },
    onOpen({ agent, tab }) {
      // The store logs its own failure.
      void clock.during(pageOpened(agent, tab)).catch(() => {});
    },
    onLeave(left, others) {
      clock.after(COME_BACK_MS, () => void clock.during(lookWhetherGone(left, others)).catch(() => {}));
    },
  });
}

/** Milliseconds between two messages: a busy desk changes more often than anybody can read. */
const PACE_MS = 40;
/** Milliseconds after which what no event tells is looked at again, such as messages that somebody listened to. */
const LOOK_MS = 10_000;

export function createWallFeed({ clock, read, onChange }: FeedOptions<WallView>): WallFeed {
  return createPageFeed({
    clock,
    event: 'wall',
    onChange,
    paceMs: PACE_MS,
    lookMs: LOOK_MS,
    async read() {
      const view = await read();
      const { now, ...rest } = view;
      return { mark: JSON.stringify(rest), state: view };
    },
    showTo: (_reader, shown) => shown,
  });
}
