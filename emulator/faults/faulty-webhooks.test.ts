import { afterEach, describe, expect, it } from 'vitest';
import type { WebhookClient } from '../webhooks/request.ts';
import type { Payload, WebhookOutcome } from '../webhooks/webhook.ts';
import { EVENT_PATIENCE } from '../webhooks/webhook.ts';
import { createVirtualWorld, pause, type World } from '../world.ts';
import { createFaults, type Fault } from './faults.ts';
import { withFaults } from './faulty-webhooks.ts';

const OK: WebhookOutcome = { ok: true, status: 200, contentType: 'application/json', body: '[]' };
const TARGET = { address: 'http://localhost/event', method: 'POST' } as const;
const IDENTITY = { apiKey: 'key', applicationId: 'id', signatureSecret: 'secret' };
let world: World;

afterEach(() => world.close());

/** A client that records what it sends and when, and gets an immediate answer to every webhook. */
function create(...faults: Fault[]) {
  world = createVirtualWorld({ seed: 1, start: 0 });
  const sent: [string, number][] = [];
  let thinking = 0;
  const answerAfter = (ms: number) => {
    thinking = ms;
  };
  const client: WebhookClient = {
    async send(_target, payload) {
      sent.push([String(payload.status ?? 'answer'), world.now()]);
      if (thinking > 0) await pause(world, thinking);
      return OK;
    },
    async close() {},
  };
  const faulty = withFaults(client, createFaults(world, faults), world);
  const send = (payload: Payload) => faulty.send(TARGET, payload, IDENTITY, EVENT_PATIENCE);
  const event = (status: string, conversation = 'CON-1') =>
    send({ status, from: '1000', to: '2000', conversation_uuid: conversation });
  return { sent, faulty, send, event, answerAfter };
}

describe('webhooks with faults', () => {
  it('are sent normally if no fault applies to them', async () => {
    const { sent, event } = create(
      { fault: 'drop', webhook: 'completed' },
      { fault: 'drop', number: '3000' },
    );
    expect(await event('answered')).toBe(OK);
    expect(sent).toEqual([['answered', 0]]);
  });

  it('are dropped', async () => {
    const { sent, event } = create({ fault: 'drop', number: '2000', webhook: 'event' });
    expect(await event('answered')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('on purpose'),
    });
    expect(sent).toEqual([]);
  });

  it('are sent twice', async () => {
    const { sent, event, faulty } = create({ fault: 'duplicate', webhook: 'answered' });
    await event('answered');
    await event('completed');
    await faulty.settled();
    expect(sent.map(([status]) => status).sort()).toEqual(['answered', 'answered', 'completed']);
  });

  it('are sent late', async () => {
    const { sent, event } = create({ fault: 'delay', ms: 700 });
    await event('answered');
    expect(sent).toEqual([['answered', 700]]);
  });

  it('are late only if they are of the kind that the fault names', async () => {
    const { sent, event } = create({ fault: 'delay', ms: 700, webhook: 'completed' });
    await event('answered');
    await event('completed');
    expect(sent).toEqual([
      ['answered', 0],
      ['completed', 700],
    ]);
  });

  it('are overtaken by the next of their call, and no other', async () => {
    const { sent, event, faulty } = create({ fault: 'reorder', webhook: 'ringing' });
    await event('ringing');
    await event('other call', 'CON-2');
    await event('started');
    await faulty.settled();
    expect(sent.map(([status]) => status)).toEqual(['other call', 'started', 'ringing']);
  });

  it('wait for the one that overtakes them, however slowly that is answered', async () => {
    const { sent, event, faulty, answerAfter } = create({ fault: 'reorder', webhook: 'ringing' });
    answerAfter(3000);
    await event('ringing');
    await event('started');
    await faulty.settled();
    expect(sent).toEqual([
      ['started', 0],
      ['ringing', 3000],
    ]);
  });

  it('do not wait forever to be overtaken', async () => {
    const { sent, event } = create({ fault: 'reorder' });
    await event('completed');
    await new Promise<void>((done) => world.after(2001, done));
    expect(sent).toEqual([['completed', 2000]]);
  });

  it('are answered slowly, or too late', async () => {
    const slow = create({ fault: 'slow', ms: 3000 });
    expect(await slow.event('answered')).toBe(OK);
    expect(world.now()).toBe(3000);
    const tooSlow = create({ fault: 'slow', ms: 60_000 });
    expect(await tooSlow.event('answered')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('10000 ms'),
    });
    expect(world.now()).toBe(10_000);
  });

  it('are never reordered if they request an NCCO', async () => {
    const { sent, send } = create({ fault: 'reorder' });
    expect(await send({ from: '1000', to: '2000', endpoint_type: 'phone' })).toBe(OK);
    const keys = { dtmf: { digits: '1', timed_out: false }, from: '1000', to: '2000' };
    expect(await send({ ...keys, conversation_uuid: 'CON-1' })).toBe(OK);
    expect(await send({ payload: {}, conversation_uuid: 'CON-1' })).toBe(OK);
    expect(sent.map(([, at]) => at)).toEqual([0, 0, 0]);
  });
});
