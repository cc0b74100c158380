import type { WebhookClient } from '../webhooks/request.ts';
import type { Payload, WebhookOutcome } from '../webhooks/webhook.ts';
import { isEvent, kindOf } from '../webhooks/webhook.ts';
import type { World } from '../world.ts';
import { pause } from '../world.ts';
import type { Faults } from './faults.ts';

/** Milliseconds that an event waits for the one that is to overtake it. */
const OVERTAKING_PATIENCE = 2000;

/** Marks injected faults in logs. */
const ON_PURPOSE = 'on purpose (fault)';

interface WebhookFilter {
  webhook?: string | undefined;
  number?: string | undefined;
}

interface FaultyWebhooks extends WebhookClient {
  /** Sends what waits to be overtaken. Resolves when all that was kept back was answered. */
  settled(): Promise<void>;
}

/** An event that is kept back. */
interface Overtaken {
  /** It waits for good: the one that overtakes it is on its way, however slow. */
  insist(): void;
  /** Sends it. */
  go(): void;
}

/** A client whose webhooks meet the faults: dropped, twice, late, out of order, answered slowly. */
export function withFaults(client: WebhookClient, faults: Faults, world: World): FaultyWebhooks {
  /** By conversation: what waits to be overtaken. */
  const overtaken = new Map<unknown, Set<Overtaken>>();
  const later = new Set<Promise<unknown>>();
  const began = world.now();

  function keep(work: Promise<unknown>): void {
    later.add(work);
    void work.finally(() => later.delete(work));
  }

  /** Resolves when the next webhook of the conversation was answered, or none came. */
  function whenOvertaken(conversation: unknown): Promise<void> {
    const waiting = overtaken.get(conversation) ?? new Set();
    overtaken.set(conversation, waiting);
    return new Promise((done) => {
      const one: Overtaken = {
        insist: world.after(OVERTAKING_PATIENCE, () => one.go()),
        go() {
          one.insist();
          waiting.delete(one);
          if (waiting.size === 0) overtaken.delete(conversation);
          done();
        },
      };
      waiting.add(one);
    });
  }

  const send: WebhookClient['send'] = async (target, payload, identity, patience, more) => {
    const isMeant = (fault: WebhookFilter) => matches(fault, payload);
    // Ids are drawn in the order of what happens: they would tie the chance of each to that of all.
    const what = [kindOf(payload), payload.from, payload.to, world.now() - began].join(' ');
    const sendNow = () => client.send(target, payload, identity, patience, more);
    if (faults.strike('drop', isMeant, what)) return { ok: false, reason: `was not asked, ${ON_PURPOSE}` };
    const delay = faults.strike('delay', isMeant, what);
    if (delay) {
      // On its way, as far as the platform knows.
      more?.onSent?.();
      await pause(world, delay.ms);
    }
    if (!isWaitedFor(payload) && faults.strike('reorder', isMeant, what)) {
      keep(whenOvertaken(payload.conversation_uuid).then(sendNow));
      return { ok: true, status: 200, contentType: '', body: '' };
    }
    const overtakes = [...(overtaken.get(payload.conversation_uuid) ?? [])];
    for (const { insist } of overtakes) insist();
    const outcome = await sendNow();
    for (const { go } of overtakes) go();
    if (faults.strike('duplicate', isMeant, what)) keep(sendNow());
    const slow = faults.strike('slow', isMeant, what);
    return slow ? await slowly(outcome, slow.ms, patience.respond) : outcome;
  };

  async function slowly(outcome: WebhookOutcome, ms: number, limit: number): Promise<WebhookOutcome> {
    await pause(world, Math.min(ms, limit));
    if (ms <= limit) return outcome;
    return { ok: false, reason: `did not answer within ${limit} ms, ${ON_PURPOSE}` };
  }

  return {
    send,
    async settled() {
      for (const waiting of [...overtaken.values()]) for (const { go } of [...waiting]) go();
      await Promise.all(later);
    },
    close: () => client.close(),
  };
}

/** Whether the call goes on only with the answer: then nothing of the call comes after it that could overtake it. */
function isWaitedFor(payload: Payload): boolean {
  return !isEvent(payload) || ['input', 'notify'].includes(kindOf(payload));
}

function matches({ webhook, number }: WebhookFilter, payload: Payload): boolean {
  const { from, to } = payload;
  if (number !== undefined && from !== number && to !== number) return false;
  if (webhook === undefined) return true;
  return webhook === 'event' ? isEvent(payload) : webhook === kindOf(payload);
}
