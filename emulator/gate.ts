/** Lets so many in at once; the others wait in their order. */
export interface Gate {
  /** Resolves when there is a place, with the function that gives it back. @param where each has places of its own */
  enter(where?: string): Promise<() => void>;
}

interface GateOptions {
  /** Places. */
  most: number;
  /** Milliseconds after which a place is free again although nobody gave it back; default: never. */
  holds?: number;
}

/** What is kept of a place where somebody is or waits. */
interface Door {
  inside: number;
  waiting: (() => void)[];
}

export function createGate({ most, holds }: GateOptions): Gate {
  const doors = new Map<string, Door>();

  function letIn(where: string, door: Door): () => void {
    door.inside += 1;
    let isInside = true;
    const leave = () => {
      if (!isInside) return;
      isInside = false;
      clearTimeout(timer);
      door.inside -= 1;
      door.waiting.shift()?.();
      if (door.inside === 0 && door.waiting.length === 0) doors.delete(where);
    };
    const timer = holds === undefined ? undefined : setTimeout(leave, holds);
    return leave;
  }

  return {
    enter(where = '') {
      const door = doors.get(where) ?? { inside: 0, waiting: [] };
      doors.set(where, door);
      if (door.inside < most) return Promise.resolve(letIn(where, door));
      return new Promise((enter) => door.waiting.push(() => enter(letIn(where, door))));
    },
  };
}
