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
  it('leave each after the answer to the one before', async () => {
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

  it('wait a second for an answer that does not come, each of them', async () => {
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

  it('wait longer where many calls tell theirs', async () => {
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

  it('do not overtake one that has to wait until it can leave', async () => {
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

  it('go on after one that never left', async () => {
    course = async () => OK;
    await send('ringing', 'started');
    expect(asked).toEqual([
      ['ringing', 0],
      ['started', 0],
    ]);
  });
});
