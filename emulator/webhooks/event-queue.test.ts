import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../world.ts';
import { createVirtualWorld, pause } from '../world.ts';
import type { EventQueue } from './event-queue.ts';
import { createEventQueue } from './event-queue.ts';
import type { SendOptions, WebhookClient } from './request.ts';
import type { WebhookOutcome } from './webhook.ts';

const OK: WebhookOutcome = { ok: true, status: 200, contentType: '', body: '' };
const TARGET = { address: 'http://localhost/event', method: 'POST' } as const;
const IDENTITY = { apiKey: 'key', applicationId: 'id' };

let world: World;
let queue: EventQueue;
let untold: number;
let asked: [status: unknown, at: number][];
/** What a status meets on its way. */
let course: (status: unknown, more: SendOptions | undefined) => Promise<WebhookOutcome>;

beforeEach(() => {
  world = createVirtualWorld({ seed: 1, start: 0 });
  asked = [];
  untold = 0;
  course = async (_status, more) => {
    more?.onSent?.();
    return OK;
  };
  const client: WebhookClient = {
    send(_target, { status }, _identity, _patience, more) {
      asked.push([status, world.now()]);
      return course(status, more);
    },
    async close() {},
  };
  queue = createEventQueue(
    client,
    () => IDENTITY,
    world,
    () => {},
    () => untold,
  );
});
afterEach(() => world.close());

const send = (...statuses: string[]) => Promise.all(statuses.map((status) => queue.send(TARGET, { status })));
const never = () => new Promise<never>(() => {});

describe('the events of a call', () => {
  it('are each sent after the answer to the previous one', async () => {
    course = async (_status, more) => {
      more?.onSent?.();
      await pause(world, 300);
      return OK;
    };
    await send('ringing', 'started', 'answered');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 300],
      ['answered', 600],
    ]);
  });

  it('each wait a second for a missing answer', async () => {
    course = (status, more) => {
      more?.onSent?.();
      return status === 'completed' ? Promise.resolve(OK) : never();
    };
    void send('ringing', 'started');
    await send('completed');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 1000],
      ['completed', 2000],
    ]);
  });

  it('wait longer while many calls send theirs', async () => {
    untold = 55;
    course = (status, more) => {
      more?.onSent?.();
      return status === 'started' ? Promise.resolve(OK) : never();
    };
    void send('ringing');
    await send('started');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 6000],
    ]);
  });

  it('do not overtake one that is not ready to be sent', async () => {
    course = async (status, more) => {
      if (status === 'ringing') await pause(world, 5000);
      more?.onSent?.();
      return OK;
    };
    await send('ringing', 'started');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 5000],
    ]);
  });

  it('continue after one that was never sent', async () => {
    course = async () => OK;
    await send('ringing', 'started');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 0],
    ]);
  });
});
