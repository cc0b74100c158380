/** Lets so many webhooks at once to an application; the others wait in their order. */
export interface Gate {
  /** Resolves when there is a place, with the function that gives it back. */
  enter(application: string): Promise<() => void>;
}

export interface GateOptions {
  /** Places at each application. */
  most: number;
  /** Milliseconds after which a place is free again although nobody gave it back. */
  holds: number;
}

/** What is kept for an application while somebody is there or waits. */
interface Door {
  inside: number;
  waiting: (() => void)[];
}

/**
 * Hundreds of calls that begin in one moment would otherwise open as many connections in that moment: the queue in
 * which a server lets connections wait is shorter than that, and who finds it full is told nothing for a second.
 * An application that thinks long over each webhook is not at its limit by that, so a place is held for a short time
 * only.
 */
export function createGate({ most, holds }: GateOptions): Gate {
  const doors = new Map<string, Door>();

  function letIn(application: string, door: Door): () => void {
    door.inside += 1;
    let isInside = true;
    const leave = () => {
      if (!isInside) return;
      isInside = false;
      clearTimeout(timer);
      door.inside -= 1;
      door.waiting.shift()?.();
      if (door.inside === 0 && door.waiting.length === 0) doors.delete(application);
    };
    const timer = setTimeout(leave, holds);
    return leave;
  }

  return {
    enter(application) {
      const door = doors.get(application) ?? { inside: 0, waiting: [] };
      doors.set(application, door);
      if (door.inside < most) return Promise.resolve(letIn(application, door));
      return new Promise((enter) => door.waiting.push(() => enter(letIn(application, door))));
    },
  };
}
