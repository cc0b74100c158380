import type { World } from '../world.ts';
import type { Fault, FaultName, FaultOf } from './fault.ts';

/** What goes wrong on purpose, now; may be changed at any time. */
export interface Faults {
  /** Takes the place of all earlier ones; they count from anew. */
  set(faults: readonly Fault[]): void;
  list(): readonly Fault[];
  /** How often each fault of the list has struck. */
  struck(): readonly number[];
  /**
   * Whether one of these faults strikes now, and which: the first of those that are meant.
   * @param isMeant whether a fault's filter lets it strike here.
   */
  strike<Name extends FaultName>(
    name: Name,
    isMeant?: (fault: FaultOf<Name>) => boolean,
  ): FaultOf<Name> | undefined;
}

interface Active {
  fault: Fault;
  /** How often it could have struck, and how often it did. */
  met: number;
  struck: number;
}

/** Keeps the faults and decides, by the world's chance, when each strikes. */
export function createFaults(world: World, initial: readonly Fault[] = []): Faults {
  let active: Active[] = [];

  function strikes(one: Active): boolean {
    const { chance, every, times } = one.fault;
    one.met += 1;
    if (times !== undefined && one.struck >= times) return false;
    if (every !== undefined && one.met % every !== 0) return false;
    if (chance !== undefined && world.random() >= chance) return false;
    one.struck += 1;
    return true;
  }

  const faults: Faults = {
    set(given) {
      active = given.map((fault) => ({ fault, met: 0, struck: 0 }));
    },
    list: () => active.map(({ fault }) => fault),
    struck: () => active.map(({ struck }) => struck),
    strike(name, isMeant = () => true) {
      for (const one of active) {
        const { fault } = one;
        if (isCalled(fault, name) && isMeant(fault) && strikes(one)) return fault;
      }
      return undefined;
    },
  };
  faults.set(initial);
  return faults;
}

function isCalled<Name extends FaultName>(fault: Fault, name: Name): fault is FaultOf<Name> {
  return fault.fault === name;
}
