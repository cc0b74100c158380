import { randomBytes, randomUUID } from 'node:crypto';
import { createTimerHeap } from './timer-heap.ts';

/** Where the platform gets its time and its chance from: the machine's, or its own that a test can foresee. */
export interface World {
  /** Whether time is its own: no measure of how fast the machine is. */
  readonly isVirtual: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds. Returns the undo. */
  after(ms: number, fn: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
  /** The same range. With the same seed always the same for a name, whatever else was drawn before. */
  chanceOf(name: string): number;
  /** A version 4 UUID. */
  uuid(): string;
  /** Random bytes, two hex digits each. */
  hex(bytes: number): string;
  /**
   * Something of the outside is under way, such as a webhook: a virtual clock stands still until it settles. What is
   * under way together returns in the order in which it began, whichever finished first.
   */
  trackPending<T>(work: Promise<T>): Promise<T>;
  /** An outside request is being served: a virtual clock stands still until the returned function is called. */
  hold(): () => void;
  /** Stops the clock, for good. */
  close(): void;
}

/** The platform's time, for an application that runs beside it in the same process. */
export interface PlatformClock {
  /** Whole milliseconds since 1970. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds. Returns the undo. */
  after(ms: number, fn: () => void): () => void;
  /**
   * Stops a virtual clock while the application works, such as on a request or a write, and returns that work. Work
   * that itself waits for this clock would stop it for good.
   */
  during<T>(work: Promise<T>): Promise<T>;
}

/** What a program outside the platform may have of a world's clock. */
export function clockOf(world: World): PlatformClock {
  return {
    // As Date.now() has it: databases keep whole milliseconds.
    now: () => Math.floor(world.now()),
    after: world.after,
    during(work) {
      const release = world.hold();
      return work.finally(release);
    },
  };
}

/** The machine's clock and its random numbers. */
export function createRealWorld(): World {
  return {
    isVirtual: false,
    now: Date.now,
    after(ms, fn) {
      let immediate: NodeJS.Immediate | undefined;
      // By way of an immediate: what came in while the process was busy comes before a timer that is late.
      const timer = setTimeout(() => {
        immediate = setImmediate(fn);
      }, ms);
      return () => {
        clearTimeout(timer);
        clearImmediate(immediate);
      };
    },
    random: Math.random,
    chanceOf: Math.random,
    uuid: randomUUID,
    hex: (bytes) => randomBytes(bytes).toString('hex'),
    trackPending: (work) => work,
    hold: () => () => {},
    close() {},
  };
}

/**
 * Milliseconds of the machine: how long what has settled waits for what began before it. The one may be what the other
 * waits for, as when an application answers a webhook only after a request of its own.
 */
const IMPATIENCE = 50;

export interface VirtualOptions {
  /** The same seed gives the same ids and the same chance. */
  seed: number;
  /** When the world begins, in milliseconds since 1970. */
  start: number;
}

/**
 * A world whose clock jumps from one timer to the next as soon as nothing is under way, so that an hour of calls
 * passes in no time; with the same seed and start it always comes to the same.
 */
export function createVirtualWorld({ seed, start }: VirtualOptions): World {
  const random = seededRandom(seed);
  const timers = createTimerHeap();
  /** What is under way, in the order in which it began; it has settled when it can be handed back. */
  const underWay = new Set<{ handBack?: () => void }>();
  let settledCount = 0;
  let now = start;
  let holds = 0;
  let closed = false;
  let turn: NodeJS.Immediate | undefined;
  let impatience: NodeJS.Timeout | undefined;

  /** After all immediate follow-ups: a chain of promises ends before a second immediate. */
  function arrange(): void {
    if (turn || closed) return;
    turn = setImmediate(() => {
      turn = setImmediate(jump);
    });
  }

  function jump(): void {
    turn = undefined;
    if (underWay.size > 0 || holds > 0) return;
    const next = timers.take();
    if (!next) return;
    now = Math.max(now, next.at);
    arrange();
    next.fn();
  }

  /** Hands all that has settled back: once everything has, or when one seems to wait for another. */
  function handBack(): void {
    clearTimeout(impatience);
    impatience = undefined;
    for (const work of [...underWay]) {
      if (!work.handBack) continue;
      underWay.delete(work);
      work.handBack();
    }
    settledCount = 0;
    arrange();
  }

  function settled(): void {
    settledCount += 1;
    if (settledCount === underWay.size) handBack();
    else impatience ??= setTimeout(handBack, IMPATIENCE);
  }

  function byte(): number {
    return Math.floor(random() * 256);
  }
  const hex = (bytes: number) =>
    Array.from({ length: bytes }, () => byte().toString(16).padStart(2, '0')).join('');

  return {
    isVirtual: true,
    now: () => now,
    after(ms, fn) {
      if (closed) return () => {};
      const undo = timers.add(now + Math.max(0, ms), fn);
      arrange();
      return undo;
    },
    random,
    chanceOf: (name) => seededRandom(hashOf(`${seed} ${name}`))(),
    uuid() {
      const digits = hex(16);
      const variant = '89ab'[Math.floor(random() * 4)];
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
    hex,
    async trackPending(work) {
      const own: { handBack?: () => void } = {};
      underWay.add(own);
      const turned = new Promise<void>((done) => {
        const ready = () => {
          own.handBack = done;
          settled();
        };
        work.then(ready, ready);
      });
      await turned;
      return work;
    },
    hold() {
      holds += 1;
      let held = true;
      return () => {
        if (held) holds -= 1;
        held = false;
        if (holds === 0) arrange();
      };
    },
    close() {
      closed = true;
      clearImmediate(turn);
      handBack();
      timers.clear();
    },
  };
}

/** Resolves after a number of milliseconds of a world, or when the signal is aborted. */
export function pause(world: World, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      done();
    };
    const cancel = world.after(signal?.aborted ? 0 : ms, end);
    signal?.addEventListener('abort', end);
  });
}

/** SplitMix32 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014), cut to 32 bits. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
