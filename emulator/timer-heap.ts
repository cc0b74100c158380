/** What is to happen at a moment (ms). */
interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** Timers by their moment; those of one moment in the order in which they were set. */
interface TimerHeap {
  readonly size: number;
  /** Returns the undo. */
  add(at: number, fn: () => void): () => void;
  /** Takes the earliest out. */
  take(): Timer | undefined;
  clear(): void;
}

interface Entry extends Timer {
  readonly turn: number;
  /** Its place in the heap; -1 when it is out. */
  place: number;
}

/** A binary heap whose entries know their positions, so that a cancelled timer is removed immediately. */
export function createTimerHeap(): TimerHeap {
  const heap: Entry[] = [];
  let turns = 0;

  function put(entry: Entry, place: number): void {
    heap[place] = entry;
    entry.place = place;
  }

  function rise(entry: Entry): void {
    let { place } = entry;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (!parent || before(parent, entry)) break;
      put(parent, place);
      place = above;
    }
    put(entry, place);
  }

  function sink(entry: Entry): void {
    let { place } = entry;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || before(entry, child)) break;
      const next = child.place;
      put(child, place);
      place = next;
    }
    put(entry, place);
  }

  function takeOut(entry: Entry): void {
    const last = heap.pop();
    if (last && last !== entry) {
      put(last, entry.place);
      sink(last);
      rise(last);
    }
    entry.place = -1;
  }

  return {
    get size() {
      return heap.length;
    },
    add(at, fn) {
      const entry: Entry = { at, fn, turn: turns, place: heap.length };
      turns += 1;
      heap.push(entry);
      rise(entry);
      return () => {
        if (entry.place >= 0) takeOut(entry);
      };
    },
    take() {
      const [first] = heap;
      if (first) takeOut(first);
      return first;
    },
    clear() {
      for (const entry of heap) entry.place = -1;
      heap.length = 0;
    },
  };
}

function before(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.turn < other.turn);
}
