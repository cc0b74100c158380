import type { Entry, Summary } from '../traffic/entry.ts';
import { summaryOf } from '../traffic/entry.ts';
import { fakeEntry } from '../traffic/testing.ts';
import type { InspectorApi } from './api.ts';
import type { FeedSource } from './feed.ts';

export interface FakePlatform {
  /** Newest first. */
  entries: Entry[];
  epoch: string;
  /** Requests a page of the list. */
  pageSize: number;
  /** What every question fails with. */
  fault: string | undefined;
  /** What it was asked. */
  readonly asked: string[];
  readonly api: InspectorApi;
  readonly connect: () => FeedSource;
  /** The connection that was made last. */
  source: ReturnType<typeof fakeSource>;
  /** How often a page connected. */
  connections: number;
  /** Lets the feed begin; a page that is not resumed loads everything. */
  begin(isResumed?: boolean): void;
  /** Something is new or has changed. */
  tell(entry: Entry): void;
}

/** A platform without a network. */
export function fakePlatform(entries: Entry[] = []): FakePlatform {
  const platform: FakePlatform = {
    entries,
    epoch: 'first',
    pageSize: 500,
    fault: undefined,
    asked: [],
    source: fakeSource(),
    connections: 0,
    connect() {
      platform.connections += 1;
      platform.source = fakeSource();
      return platform.source;
    },
    begin: (isResumed = false) => platform.source.tell('begin', { epoch: platform.epoch, isResumed }),
    tell(entry) {
      platform.entries = [entry, ...platform.entries.filter(({ id }) => id !== entry.id)].sort(
        (one, other) => other.id - one.id,
      );
      platform.source.tell('entry', summaryOf(entry));
    },
    api: {
      async list({ before, text }) {
        ask(`list${before === undefined ? '' : ` before ${before}`}${text ? ` with ${text}` : ''}`);
        const found = platform.entries.filter((entry) => !text || JSON.stringify(entry).includes(text));
        const older = found.filter(({ id }) => before === undefined || id < before);
        const requests = older.slice(0, platform.pageSize).map(summaryOf);
        const next = older.length > requests.length ? (requests.at(-1)?.id ?? null) : null;
        return { epoch: platform.epoch, revision: 0, total: found.length, requests, next };
      },
      async entry(id) {
        ask(`entry ${id}`);
        return platform.entries.find((entry) => entry.id === id);
      },
      async resend(id) {
        ask(`resend ${id}`);
        const newest = platform.entries[0]?.id ?? 0;
        const entry = fakeEntry({ id: newest + 1, repeats: id, took: 7 });
        platform.entries = [entry, ...platform.entries];
        return entry;
      },
      async clear() {
        ask('clear');
        platform.entries = [];
        platform.epoch += ' cleared';
        platform.begin();
      },
    },
  };
  function ask(question: string): void {
    platform.asked.push(question);
    if (platform.fault !== undefined) throw new Error(platform.fault);
  }
  return platform;
}

/** A connection of server-sent events that says what the test lets it say. */
export function fakeSource() {
  const target = new EventTarget();
  return Object.assign(target, {
    readyState: 1,
    isClosed: false,
    close() {
      this.isClosed = true;
    },
    tell: (type: string, data: object) =>
      void target.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) })),
    /** @param readyState 0 where the browser tries again by itself, 2 where it does not */
    fail(readyState: number) {
      this.readyState = readyState;
      target.dispatchEvent(new Event('error'));
    },
  });
}

export function fakeSummary(changes: Partial<Entry> = {}): Summary {
  return summaryOf(fakeEntry(changes));
}

/** Runs things later by the timers that the test owns. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
