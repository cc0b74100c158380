import type { MediaPeer } from '../media/peer.ts';
import type { Leg } from './leg.ts';

/** A telephone that can be called: a page, or a program. */
export interface Telephone {
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
   * Rings here no longer. The call is over when that is so at every telephone of the number, for the reason that
   * the last of them gives: its person does not want the call (the default), is in another, or it was switched off.
   */
  reject(why?: 'rejected' | 'busy' | 'unreachable'): void;
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
    const ringing = new Set<Ringing>();
    const calls = free.map((telephone) => ({ telephone, call: new Ringing(leg, ringing) }));
    for (const { call } of calls) ringing.add(call);
    leg.observe({
      ended() {
        for (const call of ringing) call.stop('over');
      },
    });
    // One of them may take the call at once.
    for (const { telephone, call } of calls) if (ringing.has(call)) telephone.ring(call);
  }
}

class Ringing implements IncomingCall {
  readonly leg: Leg;
  readonly #all: Set<Ringing>;
  #stopped: ((why: 'answered-elsewhere' | 'over') => void) | undefined;

  constructor(leg: Leg, all: Set<Ringing>) {
    this.leg = leg;
    this.#all = all;
  }

  answer({ peer, by = 'human' }: { peer?: MediaPeer; by?: 'human' | 'machine' } = {}): boolean {
    if (!this.#all.delete(this)) {
      peer?.close();
      return false;
    }
    for (const other of this.#all) other.stop('answered-elsewhere');
    this.leg.answeredBy = by;
    if (peer) this.leg.connectMedia(peer);
    this.leg.answer();
    return true;
  }

  reject(why: 'rejected' | 'busy' | 'unreachable' = 'rejected'): void {
    if (this.#all.delete(this) && this.#all.size === 0) this.leg.finish({ cause: why });
  }

  onStopped(fn: (why: 'answered-elsewhere' | 'over') => void): void {
    this.#stopped = fn;
  }

  stop(why: 'answered-elsewhere' | 'over'): void {
    if (this.#all.delete(this)) this.#stopped?.(why);
  }
}
