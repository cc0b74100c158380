import type { Entry, Message } from './entry.ts';

/** What is known of a request when it begins. */
export type Beginning = Omit<Entry, 'id' | 'revision' | 'took' | 'status' | 'error' | 'response' | 'size'>;

/** What may become known later. */
export type Ending = Partial<
  Pick<Entry, 'status' | 'error' | 'response' | 'hint' | 'call' | 'leg' | 'application' | 'proof' | 'request'>
>;

export type Change = { type: 'entry'; entry: Entry } | { type: 'cleared' };

/** A request that is under way. */
interface Recording {
  readonly entry: Entry;
  /** Milliseconds since it began. */
  elapsed(): number;
  /** The request is over; once. */
  end(ending: Ending): void;
}

/** Every request that the platform made or got, the newest of them kept. */
export interface TrafficLog {
  /** Changes when the log is cleared. Ids of another epoch mean nothing. */
  readonly epoch: string;
  /** Of the latest change. */
  readonly revision: number;
  /** Adds a request that begins. */
  begin(facts: Beginning): Recording;
  get(id: number): Entry | undefined;
  /** Newest first. */
  entries(): Iterable<Entry>;
  /** Oldest change first; each entry once, as it is now. */
  changedAfter(revision: number): Entry[];
  /** Returns the undo. */
  onChange(listener: (change: Change) => void): () => void;
  clear(): void;
}

interface TrafficLogOptions {
  /** Milliseconds, of a clock that only goes on. */
  stopwatch: () => number;
  /** Gives an epoch that was never there before. */
  newEpoch: () => string;
  /** Default: 5,000. */
  mostEntries?: number;
  /** Of all bodies and headers. Default: 32 MiB. */
  mostBytes?: number;
}

/** Bytes that an entry takes besides its bodies and headers, roughly. */
const OVERHEAD = 600;

export function createTrafficLog(options: TrafficLogOptions): TrafficLog {
  const { stopwatch, newEpoch, mostEntries = 5000, mostBytes = 32 * 1024 * 1024 } = options;
  /** In the order of their ids. */
  const entries = new Map<number, Entry>();
  const weights = new Map<number, number>();
  const listeners = new Set<(change: Change) => void>();
  let epoch = newEpoch();
  let revision = 0;
  let lastId = 0;
  let bytes = 0;

  function tell(change: Change): void {
    for (const listener of [...listeners]) listener(change);
  }

  function weigh(entry: Entry): void {
    const weight = OVERHEAD + weightOf(entry.request) + weightOf(entry.response);
    bytes += weight - (weights.get(entry.id) ?? 0);
    weights.set(entry.id, weight);
    for (const id of entries.keys()) {
      if (entries.size <= 1 || (entries.size <= mostEntries && bytes <= mostBytes)) return;
      bytes -= weights.get(id) ?? 0;
      weights.delete(id);
      entries.delete(id);
    }
  }

  return {
    get epoch() {
      return epoch;
    },
    get revision() {
      return revision;
    },
    begin(facts) {
      const began = stopwatch();
      lastId += 1;
      revision += 1;
      const entry: Entry = {
        id: lastId,
        ...facts,
        revision,
        took: null,
        status: null,
        error: null,
        response: null,
        size: facts.request.body?.bytes ?? 0,
      };
      entries.set(entry.id, entry);
      weigh(entry);
      tell({ type: 'entry', entry });
      const elapsed = () => stopwatch() - began;
      return {
        entry,
        elapsed,
        end(ending) {
          if (entry.took !== null) return;
          Object.assign(entry, ending);
          entry.took = elapsed();
          entry.size = (entry.request.body?.bytes ?? 0) + (entry.response?.body?.bytes ?? 0);
          // It may be forgotten already.
          if (entries.get(entry.id) !== entry) return;
          revision += 1;
          entry.revision = revision;
          weigh(entry);
          tell({ type: 'entry', entry });
        },
      };
    },
    get: (id) => entries.get(id),
    entries: () => [...entries.values()].reverse(),
    changedAfter: (known) =>
      [...entries.values()]
        .filter((entry) => entry.revision > known)
        .sort((one, other) => one.revision - other.revision),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      entries.clear();
      weights.clear();
      bytes = 0;
      epoch = newEpoch();
      tell({ type: 'cleared' });
    },
  };
}

/** Bytes in memory, roughly: a text takes up to two for each character. */
function weightOf(message: Message | null): number {
  if (message === null) return 0;
  let length = message.body?.text?.length ?? 0;
  for (const [name, value] of message.headers) length += name.length + value.length;
  return 2 * length;
}
