import type { WallView } from '../../../domain/api/wall-api.ts';
import type { Desk } from '../../../domain/desk/desk.ts';
import type { Clock } from '../../clock.ts';
import { createPageFeed, type PageFeed } from './page-feed.ts';
import { viewForAgent } from './view.ts';

/** A tab of an agent's page. */
export interface Tab {
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
  /** Tabs have opened their feeds here: another server, where they were open before, must not take them for gone. */
  pagesOpened(tabs: readonly Tab[]): Promise<void>;
  /** The feed of the tab that takes an agent's calls has closed and did not come back to this server. */
  pageClosed(tab: Tab): Promise<void>;
}

/** Milliseconds that a tab has to open its feed again. */
const COME_BACK_MS = 1_000;
/** Milliseconds for which opened feeds are collected: of a server that stops, all pages come at once. */
const COLLECT_MS = 50;
/** Milliseconds after which it is told again that feeds are open, if that could not be stored. */
const AGAIN_MS = 500;

export function createDeskFeed(options: DeskFeedOptions): DeskFeed {
  const { clock, read, onChange, pagesOpened, pageClosed } = options;
  /** Open, and not told yet. */
  const opened = new Set<Tab>();
  let cancelTelling: (() => void) | undefined;

  function tellLater(ms: number): void {
    cancelTelling ??= clock.after(ms, () => {
      cancelTelling = undefined;
      void clock.during(tellOpened());
    });
  }

  async function tellOpened(): Promise<void> {
    const tabs = [...opened];
    if (tabs.length === 0) return;
    try {
      await pagesOpened(tabs);
      for (const tab of tabs) opened.delete(tab);
    } catch {
      // The store logs its own failure.
    }
    if (opened.size > 0) tellLater(AGAIN_MS);
  }

  async function lookWhetherGone(left: Tab, others: () => readonly Tab[] | null): Promise<void> {
    const isBack = others()?.some(({ agent, tab }) => agent === left.agent && tab === left.tab) ?? true;
    if (isBack) return;
    const desk = await read();
    if (desk.agents.get(left.agent)?.page?.tab === left.tab) await pageClosed(left);
  }

  const feed = createPageFeed<Desk, Tab>({
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
    onOpen(tab) {
      opened.add(tab);
      tellLater(COLLECT_MS);
    },
    onLeave(left, others) {
      opened.delete(left);
      clock.after(COME_BACK_MS, () => void clock.during(lookWhetherGone(left, others)).catch(() => {}));
    },
  });
  return {
    open: feed.open,
    get readers() {
      return feed.readers;
    },
    close() {
      cancelTelling?.();
      // Pages that are let go of need not be told of any more.
      opened.clear();
      feed.close();
    },
  };
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
