import type { MediaPeer } from '../media/peer.ts';
import type { Leg } from './leg.ts';

/** A telephone that can be called: a page, or a program. */
interface Telephone {
  /** In a call, or already ringing. */
  readonly busy: boolean;
  ring(call: IncomingCall): void;
}

/** A call as it rings at one telephone. What comes after its end changes nothing. */
export interface IncomingCall {
  readonly leg: Leg;
  /**
   * Picks it up. `peer` is the telephone's sound; without it the call is silent and hears nothing.
   * @returns false, and closes the peer, when the call is over or another telephone was first.
   */
  answer(answer?: { peer?: MediaPeer; by?: 'human' | 'machine' }): boolean;
  /**
   * Rings here no longer. The call is over when that is so at every telephone of the number. The reason is that a
   * person does not want it (the default), or else that one is in another, or else that all were switched off.
   */
  reject(why?: Refused): void;
  /** Calls `fn` once when it rings here no longer, unless this telephone answered. */
  onStopped(fn: (why: 'answered-elsewhere' | 'over') => void): void;
}

/** The telephones of the emulated network by their numbers; several may share one. */
export class PhoneBook {
  readonly #telephones = new Map<string, Set<Telephone>>();

  /** Connects a telephone under a number (E.164 without `+`). Returns the undo. */
  connect(number: string, telephone: Telephone): () => void {
    const known = this.#telephones.get(number) ?? new Set();
    this.#telephones.set(number, known);
    known.add(telephone);
    return () => known.delete(telephone);
  }

  /** Undefined: nobody ever had the number. Empty: its telephones are switched off. */
  at(number: string): readonly Telephone[] | undefined {
    const known = this.#telephones.get(number);
    return known && [...known];
  }

  /**
   * Rings the telephones of a number that are free. The leg ends at once when there is none, as the telephone
   * network would have it: not in service, switched off, or busy. The first that answers gets the call.
   */
  ring(leg: Leg, number: string): void {
    const telephones = this.at(number);
    const free = telephones?.filter((telephone) => !telephone.busy) ?? [];
    if (free.length === 0) {
      const switchedOn = telephones && telephones.length > 0;
      leg.finish({ cause: !telephones ? 'out-of-service' : switchedOn ? 'busy' : 'unreachable' });
      return;
    }
    leg.report('ringing');
    const all: Hunt = { ringing: new Set(), refusals: new Set() };
    const calls = free.map((telephone) => ({ telephone, call: new Ringing(leg, all) }));
    for (const { call } of calls) all.ringing.add(call);
    leg.observe({
      ended() {
        for (const call of all.ringing) call.stop('over');
      },
    });
    // One of them may answer immediately.
    for (const { telephone, call } of calls) if (all.ringing.has(call)) telephone.ring(call);
  }
}

/** From what a caller should be told first of all to what says the least. */
const REFUSALS = ['rejected', 'busy', 'unreachable'] as const;

/** Why a telephone does not take a call. */
type Refused = (typeof REFUSALS)[number];

/** The telephones of a number at which one call rings. */
interface Hunt {
  ringing: Set<Ringing>;
  /** Why those that stopped ringing did not take it. */
  refusals: Set<Refused>;
}

class Ringing implements IncomingCall {
  readonly leg: Leg;
  readonly #all: Hunt;
  #stopped: ((why: 'answered-elsewhere' | 'over') => void) | undefined;

  constructor(leg: Leg, all: Hunt) {
    this.leg = leg;
    this.#all = all;
  }

  answer({ peer, by = 'human' }: { peer?: MediaPeer; by?: 'human' | 'machine' } = {}): boolean {
    if (!this.#all.ringing.delete(this)) {
      peer?.close();
      return false;
    }
    for (const other of this.#all.ringing) other.stop('answered-elsewhere');
    this.leg.answeredBy = by;
    if (peer) this.leg.connectMedia(peer);
    this.leg.answer();
    return true;
  }

  reject(why: Refused = 'rejected'): void {
    const { ringing, refusals } = this.#all;
    if (!ringing.delete(this)) return;
    refusals.add(why);
    if (ringing.size === 0) this.leg.finish({ cause: REFUSALS.find((each) => refusals.has(each)) ?? why });
  }

  onStopped(fn: (why: 'answered-elsewhere' | 'over') => void): void {
    this.#stopped = fn;
  }

  stop(why: 'answered-elsewhere' | 'over'): void {
    if (this.#all.ringing.delete(this)) this.#stopped?.(why);
  }
}
