import { z } from 'zod';
import type { Clock } from '../../server/clock.ts';
import type { Store } from '../../server/store/store.ts';
import type { VonageApi } from '../../server/vonage/vonage.ts';

/** All by which a server acts on the world. */
interface Tools {
  store: Store;
  vonage: VonageApi;
  clock: Clock;
}

/** Pages say once a second that they are there, which is no step of a call. */
const beat = z.object({ facts: z.array(z.object({ kind: z.literal('page seen') })) });

/** Whether the power is cut at a step of a server: before or after a commit, or a request to the platform. */
export type CutsPower = (step: string) => boolean;

/**
 * The tools of a server whose power may be cut. From then on, nothing that it does is carried out, nothing that it
 * waits for comes, and none of its timers goes off.
 * @param onCut called once, when it is cut
 */
export function withPowerCut(
  { store, vonage, clock }: Tools,
  cutsPower: CutsPower,
  onCut: () => void,
): { tools: Tools; cut(): void } {
  const { promise: ended, resolve: endHolds } = Promise.withResolvers<void>();
  let isCut = false;

  function cut(): void {
    if (isCut) return;
    isCut = true;
    endHolds();
    onCut();
  }

  function goesOn(step: string): boolean {
    if (!isCut && cutsPower(step)) cut();
    return !isCut;
  }

  /** Settles as the work does, or never. */
  function whilePowered<T>(work: () => Promise<T>, step?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      if (isCut || (step !== undefined && !goesOn(`before ${step}`))) return;
      const settled = (settle: () => void) => () => {
        if (!isCut && (step === undefined || goesOn(`after ${step}`))) settle();
      };
      work().then(
        (value) => settled(() => resolve(value))(),
        (error: unknown) => settled(() => reject(error))(),
      );
    });
  }

  const tools: Tools = {
    store: {
      engine: store.engine,
      read: (work) => whilePowered(() => store.read(work)),
      write: (work) => whilePowered(() => store.write(work), 'the commit of a write'),
      perform: (work, input) =>
        whilePowered(
          () => store.perform(work, input),
          beat.safeParse(input).success ? undefined : `the commit of ${work.name}`,
        ),
      check: (rehearse) => whilePowered(() => store.check(rehearse)),
      onOperation: store.onOperation,
      close: () => store.close(),
    },
    vonage: {
      ensureUser: (name) => whilePowered(() => vonage.ensureUser(name), 'the look for a user'),
      userToken: vonage.userToken,
      callState: (...of) => whilePowered(() => vonage.callState(...of), 'the look at a leg'),
      createCall: (call, note) =>
        whilePowered(() => vonage.createCall(call, note), `the call of a ${call.to.type}`),
      transferCall: (...leg) => whilePowered(() => vonage.transferCall(...leg), 'a transfer'),
      talk: (...leg) => whilePowered(() => vonage.talk(...leg), 'a talk'),
      hangUpCall: (...leg) => whilePowered(() => vonage.hangUpCall(...leg), 'a hang-up'),
      findCalls: (filter) => whilePowered(() => vonage.findCalls(filter), 'the look for legs'),
      download: (url) => whilePowered(() => vonage.download(url), 'the fetch of a recording'),
      isReachable: () => whilePowered(() => vonage.isReachable()),
    },
    clock: {
      now: clock.now,
      after: (ms, fn) =>
        clock.after(ms, () => {
          if (!isCut) fn();
        }),
      during(work) {
        const over = () => {};
        void clock.during(Promise.race([work.then(over, over), ended]));
        return work;
      },
    },
  };
  return { tools, cut };
}
