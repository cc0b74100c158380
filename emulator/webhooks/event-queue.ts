import type { WebhookAddress } from '../account.ts';
import type { World } from '../world.ts';
import type { Payload, WebhookClient, WebhookOutcome } from './request.ts';
import { EVENT_PATIENCE } from './request.ts';
import type { SigningIdentity } from './signature.ts';

/** An event is sent no earlier than its predecessor was answered, but waits no longer than this (ms). */
const ORDER_PATIENCE = 1000;

/** The events of one call, sent in their order. A slow receiver delays them; it does not stop them. */
export interface EventQueue {
  /** Resolves with what the application replied; undefined without a target. */
  send(target: WebhookAddress | undefined, payload: Payload): Promise<WebhookOutcome | undefined>;
  /** What is sent here from now on comes after all that was sent there so far. */
  follow(other: EventQueue): void;
  /** Resolves when everything sent so far was answered or given up. */
  drained(): Promise<void>;
}

export function createEventQueue(
  client: WebhookClient,
  identity: () => SigningIdentity,
  world: World,
  log: (line: string) => void,
): EventQueue {
  let last: Promise<unknown> = Promise.resolve();
  const underWay = new Set<Promise<unknown>>();

  async function deliver(
    target: WebhookAddress,
    payload: Payload,
    before: Promise<unknown>,
  ): Promise<WebhookOutcome> {
    await new Promise<void>((go) => {
      const cancel = world.after(ORDER_PATIENCE, go);
      void before.finally(() => {
        cancel();
        go();
      });
    });
    const outcome = await client.send(target, payload, identity(), EVENT_PATIENCE);
    if (!outcome.ok)
      log(`Event URL ${target.address} ${outcome.reason}; event "${payload.status ?? 'error'}" is lost.`);
    return outcome;
  }

  return {
    async send(target, payload) {
      if (!target) return undefined;
      const sending = deliver(target, payload, last);
      last = sending;
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    follow(other) {
      last = Promise.allSettled([last, other.drained()]);
    },
    async drained() {
      await Promise.all(underWay);
    },
  };
}
