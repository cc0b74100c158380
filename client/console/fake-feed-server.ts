import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { FeedSource } from './feed.ts';

/** The other end of a page's feed, one connection at a time. */
export interface FakeFeedServer {
  connect: (path: string) => FeedSource;
  /** What was connected to, in order. */
  paths: string[];
  /** Connections that nobody closed. */
  readonly connections: number;
  open(): void;
  send(type: string, data: string): void;
  tell(message: FeedMessage): void;
  /** The line breaks, and the browser tries again by itself. */
  break(): void;
  /** The server gives no feed, and the browser gives up. */
  refuse(): void;
}

class FakeSource extends EventTarget implements FeedSource {
  readyState = 0;

  close(): void {
    this.readyState = 2;
  }

  become(readyState: number, type: string): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event(type));
  }
}

export function createFakeFeedServer(): FakeFeedServer {
  const paths: string[] = [];
  const sources: FakeSource[] = [];

  function current(): FakeSource {
    const source = sources.at(-1);
    if (!source) {
      throw new Error('Nobody has connected.');
    }
    return source;
  }

  function send(type: string, data: string): void {
    current().dispatchEvent(new MessageEvent(type, { data }));
  }

  return {
    connect(path) {
      paths.push(path);
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    paths,
    get connections() {
      return sources.filter(({ readyState }) => readyState !== 2).length;
    },
    open: () => current().become(1, 'open'),
    send,
    tell: (message) => send('entry', JSON.stringify(message)),
    break: () => current().become(0, 'error'),
    refuse: () => current().become(2, 'error'),
  };
}
