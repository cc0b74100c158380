import { Webhook } from 'standardwebhooks';
import { expect, it, onTestFinished } from 'vitest';
import { EXAMPLES } from '../../domain/hooks/examples.ts';
import { type Hook, hookBody } from '../../domain/hooks/hook.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { queueHooks } from './queue.ts';
import { type AttemptResult, createHookSender } from './sender.ts';
import { HOOK_SECRET, startReceiver } from './testing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A busy machine takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 10 });

interface OwnClock extends Clock {
  move(ms: number): void;
  /** The same once nothing is under way. */
  moveOn(ms: number): Promise<void>;
}

/** A clock that moves only when it is told to. */
function ownClock(): OwnClock {
  let now = Date.now();
  let working = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  function move(ms: number): void {
    now += ms;
    const due = [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const timer of due) if (timers.delete(timer)) timer.fn();
  }
  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    during(work) {
      working += 1;
      return work.finally(() => {
        working -= 1;
      });
    },
    move,
    async moveOn(ms) {
      await eventually(() => working).toBe(0);
      move(ms);
    },
  };
}

type Sender = ReturnType<typeof createHookSender>;

function send(
  store: Store,
  clock: Clock,
  urls: readonly string[],
  limits: { most?: number; timeLimit?: number } = {},
) {
  const lines: string[] = [];
  const results: AttemptResult[] = [];
  const log = (line: string) => void lines.push(line);
  const sender = createHookSender({
    store,
    clock,
    urls,
    secrets: [HOOK_SECRET],
    random: () => 0.5,
    note: log,
    warning: log,
    ...limits,
  });
  sender.onAttempt((result, count) => results.push(...Array<AttemptResult>(count).fill(result)));
  onTestFinished(() => sender.close());
  return { sender, lines, results };
}

async function queue(store: Store, sender: Sender, clock: Clock, ...hooks: Hook[]): Promise<void> {
  await store.write((transaction) =>
    queueHooks(store.engine, transaction, sender.receivers, hooks, clock.now()),
  );
  sender.wake();
}

function ofAgent(agent: string, reason: string | null = null): Hook {
  const data = { agent, choice: 'away', reason, line: 'up', load: 'free' } as const;
  return { type: 'agent.changed', timestamp: '2026-03-02T09:00:00.000Z', data };
}

const agentsOf = (received: readonly { body: string }[]) =>
  received.map(({ body }) => {
    const hook = hookBody.parse(JSON.parse(body));
    return hook.type === 'agent.changed' ? `${hook.data.agent} ${hook.data.reason ?? ''}`.trim() : hook.type;
  });

describeStores('hooks', (stores) => {
  async function opened() {
    return stores.open(await stores.place());
  }

  it('reach every receiver, signed, once', async () => {
    const [store, clock, first, second] = [
      await opened(),
      ownClock(),
      await startReceiver(),
      await startReceiver(),
    ];
    const { sender, results } = send(store, clock, [first.url, second.url]);
    await queue(store, sender, clock, ...EXAMPLES);
    await eventually(() => results.length).toBe(8);
    for (const { received } of [first, second]) {
      const hooks = received.map(({ body, headers }) =>
        new Webhook(HOOK_SECRET).verify(body, {
          'webhook-id': String(headers['webhook-id']),
          'webhook-timestamp': String(headers['webhook-timestamp']),
          'webhook-signature': String(headers['webhook-signature']),
        }),
      );
      expect(hooks).toHaveLength(4);
      expect(hooks).toEqual(expect.arrayContaining([...EXAMPLES]));
      expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    }
    await eventually(() => sender.backlog()).toEqual({ count: 0, age: 0 });
  });

  it('of the same call or agent arrive in order, at most four at a time', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    receiver.answers = 'never';
    const { sender, results } = send(store, clock, [receiver.url]);
    const names = ['Ann', 'Bob', 'Cho', 'Dev', 'Eve', 'Fay'];
    await queue(store, sender, clock, ...names.map((name) => ofAgent(name, '1')));
    await queue(store, sender, clock, ...names.map((name) => ofAgent(name, '2')));
    await eventually(() => receiver.received.length).toBe(4);
    receiver.answers = 204;
    receiver.release(204);
    await eventually(() => results.length).toBe(12);
    expect(receiver.mostAtOnce).toBeLessThanOrEqual(4);
    const got = agentsOf(receiver.received);
    for (const name of names)
      expect(got.filter((each) => each.startsWith(name))).toEqual([`${name} 1`, `${name} 2`]);
  });

  it('wait for a receiver that is down for a day, and reach it without a burst', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    receiver.answers = 503;
    const { sender, lines, results } = send(store, clock, [receiver.url]);
    for (let hour = 0; hour < 24; hour += 1) {
      await queue(store, sender, clock, ofAgent('Ann', String(hour)));
      const before = results.length;
      await clock.moveOn(HOUR);
      await eventually(() => results.length).toBeGreaterThan(before);
    }
    expect(new Set(results)).toEqual(new Set(['unreachable']));
    expect(lines).toEqual([
      `${new URL(receiver.url).origin} did not take the hook agent.changed: it answered with status 503. Hooks are kept and sent again for 3 days.`,
    ]);
    receiver.answers = 204;
    receiver.mostAtOnce = 0;
    const failed = receiver.received.length;
    await clock.moveOn(15 * MINUTE);
    await eventually(() => receiver.received.length - failed).toBe(24);
    await eventually(() => sender.backlog()).toEqual({ count: 0, age: 0 });
    expect(receiver.mostAtOnce).toBe(1);
    const delivered = receiver.received.slice(-24);
    expect(agentsOf(delivered)).toEqual(Array.from({ length: 24 }, (_, hour) => `Ann ${hour}`));
    // All attempts to send the first one had the same id, so that the receiver can tell.
    const ids = receiver.received.slice(0, failed + 1).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    await eventually(() => lines[1]).toBe(`${new URL(receiver.url).origin} takes hooks again.`);
  });

  it('that the receiver refuses hold up only their own call or agent', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    receiver.answers = 400;
    const { sender, results } = send(store, clock, [receiver.url]);
    await queue(store, sender, clock, ofAgent('Ann', '1'));
    await eventually(() => results).toEqual(['failed']);
    receiver.answers = 204;
    await queue(store, sender, clock, ofAgent('Ann', '2'), ofAgent('Bob'));
    await eventually(() => results).toEqual(['failed', 'delivered']);
    await clock.moveOn(10_000);
    await eventually(() => results.length).toBe(4);
    expect(agentsOf(receiver.received)).toEqual(['Ann 1', 'Bob', 'Ann 1', 'Ann 2']);
  });

  it('are sent again to a receiver that does not answer in time', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    receiver.answers = 'never';
    const { sender, lines, results } = send(store, clock, [receiver.url], { timeLimit: 50 });
    await queue(store, sender, clock, ofAgent('Ann'));
    await eventually(() => results).toEqual(['unreachable']);
    await eventually(() => lines[0] ?? '').toContain('it took longer than 0.05 s');
    receiver.answers = 204;
    await clock.moveOn(MINUTE);
    await eventually(() => results.includes('delivered')).toBe(true);
  });

  it('are not sent to where a receiver redirects', async () => {
    const [store, clock, receiver, other] = [
      await opened(),
      ownClock(),
      await startReceiver(),
      await startReceiver(),
    ];
    receiver.answers = 307;
    receiver.headers = { location: other.url };
    const { sender, results } = send(store, clock, [receiver.url]);
    await queue(store, sender, clock, ofAgent('Ann'));
    await eventually(() => results).toEqual(['failed']);
    expect(other.received).toEqual([]);
  });

  it('end with status 410, also after a restart', async () => {
    const [store, clock, receiver, other] = [
      await opened(),
      ownClock(),
      await startReceiver(),
      await startReceiver(),
    ];
    receiver.answers = 410;
    const { sender, lines, results } = send(store, clock, [receiver.url, other.url]);
    await queue(store, sender, clock, ofAgent('Ann', '1'), ofAgent('Ann', '2'));
    // Also noted: what is not would be sent again, when its lease is over.
    await eventually(() => results.filter((each) => each === 'delivered')).toHaveLength(2);
    await eventually(() => results.includes('stopped')).toBe(true);
    await sender.close();
    receiver.answers = 204;
    const again = send(store, clock, [receiver.url, other.url]);
    await queue(store, again.sender, clock, ofAgent('Bob'));
    await eventually(() => other.received.length).toBe(3);
    await eventually(() => again.sender.backlog()).toEqual({ count: 0, age: 0 });
    expect(receiver.received).toHaveLength(1);
    await eventually(() => lines[0] ?? '').toContain('wants no more hooks (status 410)');
  });

  it('that nobody takes for three days are dropped, and so are the oldest of too many', async () => {
    const [store, clock] = [await opened(), ownClock()];
    const { sender, lines, results } = send(store, clock, ['http://127.0.0.1:9/'], { most: 3 });
    await queue(store, sender, clock, ...['1', '2', '3', '4', '5'].map((reason) => ofAgent('Ann', reason)));
    await eventually(() => results.length).toBeGreaterThan(0);
    await clock.moveOn(MINUTE);
    await eventually(async () => (await sender.backlog()).count).toBe(3);
    await clock.moveOn(73 * HOUR);
    await eventually(async () => (await sender.backlog()).count).toBe(0);
    await eventually(() => lines).toContain('More than 3 hooks are waiting: the oldest 2 are dropped.');
    await eventually(() => lines).toContain('3 hooks were not taken for 3 days, and are dropped.');
  });

  it('are shared by several servers: none is sent twice', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    const senders = [send(store, clock, [receiver.url]), send(store, clock, [receiver.url])];
    const [one, two] = senders.map(({ sender }) => sender);
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const hooks = Array.from({ length: 20 }, (_, index) => ofAgent(`Agent-${index}`));
    await queue(store, one, clock, ...hooks);
    two.wake();
    await eventually(async () => (await one.backlog()).count).toBe(0);
    expect(receiver.received).toHaveLength(20);
    expect(receiver.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it('that a server took and never sent are sent by another one', async () => {
    const [store, clock, receiver] = [await opened(), ownClock(), await startReceiver()];
    receiver.answers = 'never';
    const { sender, results } = send(store, clock, [receiver.url]);
    await queue(store, sender, clock, ofAgent('Ann'));
    await eventually(() => receiver.received.length).toBe(1);
    const other = send(store, clock, [receiver.url]);
    clock.move(20_000);
    other.sender.wake();
    await eventually(() => receiver.received.length).toBe(2);
    receiver.release(204);
    await eventually(() => [...results, ...other.results]).toEqual(['delivered', 'delivered']);
  });
});
