import type { Leg } from '../calls/leg.ts';
import type { Action, Services } from './action.ts';
import { carryOut } from './carry-out.ts';
import { playStream, type StreamSettings } from './stream.ts';
import { speak, type TalkSettings } from './talk.ts';

/** What a leg is doing, and the ways to change it from outside. */
export interface LegControl {
  /**
   * Carries out an NCCO, in place of the one that runs. The leg is hung up when it is done.
   * Also for a leg without one, such as the called end of a `connect`.
   */
  run(actions: Action[]): void;
  /** Moves the leg alone into a new conversation, says so by a `transfer` event, and runs the NCCO there. */
  transfer(actions: Action[]): void;
  /** Speaks to the leg, whatever else it is doing; an earlier text ends. */
  startTalk(talk: TalkSettings): void;
  /** Whether there was something to stop. */
  stopTalk(): boolean;
  /** Plays a file to the leg, whatever else it is doing; an earlier one ends. */
  startStream(stream: StreamSettings): void;
  stopStream(): boolean;
}

/** The programs of all legs. */
export interface Programs {
  of(leg: Leg): LegControl;
}

/** @param parts what the actions need of the rest of the platform. */
export function createPrograms(parts: Omit<Services, 'programs'>): Programs {
  const controls = new WeakMap<Leg, LegControl>();
  const programs: Programs = {
    of(leg) {
      const known = controls.get(leg);
      if (known) return known;
      const made = createControl(leg, services);
      controls.set(leg, made);
      return made;
    },
  };
  const services: Services = { ...parts, programs };
  return programs;
}

function createControl(leg: Leg, services: Services): LegControl {
  let replaced: AbortController | undefined;

  function run(actions: Action[]): void {
    replaced?.abort();
    replaced = new AbortController();
    const signal = AbortSignal.any([replaced.signal, leg.over]);
    const done = carryOut(actions, leg, services, signal).then((because) => {
      if (!signal.aborted) leg.finish({ cause: 'hung-up-there', ...(because && { because }) });
    });
    done.catch((error: unknown) => services.exchange.fail(leg, error));
  }

  const talk = createSlot(leg);
  const stream = createSlot(leg);
  return {
    run,
    transfer(actions) {
      services.exchange.transfer(leg, services.exchange.openConversation(leg.application));
      run(actions);
    },
    startTalk: (settings) => talk.start((signal) => speak(settings, { leg, services, signal })),
    stopTalk: () => talk.stop(),
    startStream: (settings) => stream.start((signal) => playStream(settings, { leg, services, signal })),
    stopStream: () => stream.stop(),
  };
}

/** Holds one thing that is played beside the NCCO. */
function createSlot(leg: Leg) {
  let current: AbortController | undefined;
  return {
    start(play: (signal: AbortSignal) => Promise<unknown>): void {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      void play(AbortSignal.any([mine.signal, leg.over])).finally(() => {
        if (current === mine) current = undefined;
      });
    },
    stop(): boolean {
      const was = current;
      was?.abort();
      current = undefined;
      return was !== undefined;
    },
  };
}
