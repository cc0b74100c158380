import type { SigningIdentity, WebhookAddress } from '../provisioning/account.ts';
import type { World } from '../world.ts';
import type { WebhookClient } from './request.ts';
import type { Payload, WebhookOutcome } from './webhook.ts';
import { EVENT_PATIENCE } from './webhook.ts';

/**
 * An event waits for the answer to its predecessor, but no longer than this after the predecessor left (ms). So much
 * longer for each further `MANY` events that the platform has to tell: an application that has much to answer, or a
 * machine that is busy, is not one that does not answer.
 */
const ORDER_PATIENCE = 1000;
const MANY = 10;
/** It is waited for in parts: what this process was too busy to notice counts as one of them. */
const PARTS = 10;

/** The events of one call, sent in their order. A slow receiver delays them; it does not stop them. */
export interface EventQueue {
  /** Resolves with what the application replied; undefined without a target. */
  send(target: WebhookAddress | undefined, payload: Payload): Promise<WebhookOutcome | undefined>;
  /** What is sent here from now on comes after all that was sent there so far. */
  follow(other: EventQueue): void;
  /** Resolves when everything sent so far was answered or given up. */
  drained(): Promise<void>;
}

/** What an event comes after. */
interface Predecessor {
  left: Promise<unknown>;
  answered: Promise<unknown>;
}

/** @param untold how many events of all calls are still to be answered */
export function createEventQueue(
  client: WebhookClient,
  identity: () => SigningIdentity,
  world: World,
  log: (line: string) => void,
  untold: () => number = () => 0,
): EventQueue {
  let last: Predecessor = { left: Promise.resolve(), answered: Promise.resolve() };
  const underWay = new Set<Promise<unknown>>();

  async function deliver(
    target: WebhookAddress,
    payload: Payload,
    before: Predecessor,
    onSent: () => void,
  ): Promise<WebhookOutcome> {
    await before.left;
    await new Promise<void>((go) => {
      let cancel = () => {};
      const wait = (waited: number) => {
        if (waited >= PARTS * (1 + Math.floor(untold() / MANY))) return go();
        cancel = world.after(ORDER_PATIENCE / PARTS, () => wait(waited + 1));
      };
      wait(0);
      void before.answered.finally(() => {
        cancel();
        go();
      });
    });
    const outcome = await client.send(target, payload, identity(), EVENT_PATIENCE, { onSent });
    if (!outcome.ok)
      log(`Event URL ${target.address} ${outcome.reason}; event "${payload.status ?? 'error'}" is lost.`);
    return outcome;
  }

  return {
    async send(target, payload) {
      if (!target) return undefined;
      const { promise: left, resolve: onSent } = Promise.withResolvers<void>();
      const sending = deliver(target, payload, last, onSent);
      // One that is never sent, for example because of a fault, still counts as answered.
      last = { left: Promise.race([left, sending]), answered: sending };
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    follow(other) {
      const answered = Promise.allSettled([last.answered, other.drained()]);
      last = { left: last.left, answered };
    },
    async drained() {
      await Promise.all(underWay);
    },
  };
}
