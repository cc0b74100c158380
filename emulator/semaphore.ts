/** Admits a limited number at a time; the others wait in order. */
export interface Semaphore {
  /** Resolves when there is room, with the function that releases it. @param key each key has its own slots */
  acquire(key?: string): Promise<() => void>;
}

interface SemaphoreOptions {
  /** Number of slots. */
  most: number;
  /** Milliseconds after which a slot is released automatically. Default: never. */
  holds?: number;
}

/** One key's slots, while any is in use or awaited. */
interface Room {
  inside: number;
  waiting: (() => void)[];
}

export function createSemaphore({ most, holds }: SemaphoreOptions): Semaphore {
  const rooms = new Map<string, Room>();

  function enter(key: string, room: Room): () => void {
    room.inside += 1;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      clearTimeout(timer);
      room.inside -= 1;
      room.waiting.shift()?.();
      if (room.inside === 0 && room.waiting.length === 0) rooms.delete(key);
    };
    const timer = holds === undefined ? undefined : setTimeout(release, holds);
    return release;
  }

  return {
    acquire(key = '') {
      const room = rooms.get(key) ?? { inside: 0, waiting: [] };
      rooms.set(key, room);
      if (room.inside < most) return Promise.resolve(enter(key, room));
      return new Promise((resolve) => room.waiting.push(() => resolve(enter(key, room))));
    },
  };
}
