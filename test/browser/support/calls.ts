import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** What Vonage sends once. */
export interface Webhook {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface WholeCall {
  id: string;
  /** The question for an NCCO, then the seven events. */
  webhooks: readonly Webhook[];
}

/** Milliseconds between two tries of a webhook that nobody took. */
const RETRY_MS = 50;

/** A call that an agent answers, as Vonage tells it. */
export function wholeCall({ caller = '447700900000', agent = 'Alice' } = {}): WholeCall {
  const id = `CON-${randomUUID()}`;
  const phone = { from: caller, to: '442038297050', uuid: randomUUID(), conversation_uuid: id };
  const app = { ...phone, to: agent, uuid: randomUUID() };
  const begin = Date.now();
  const event = (leg: typeof phone, status: string, second: number) => {
    const direction = leg === app ? 'outbound' : 'inbound';
    const timestamp = new Date(begin + second * 1_000).toISOString();
    return {
      method: 'POST',
      path: '/voice/event',
      body: JSON.stringify({ ...leg, direction, status, timestamp }),
    } as const;
  };
  return {
    id,
    webhooks: [
      { method: 'GET', path: `/voice/answer?${new URLSearchParams(phone)}` },
      event(phone, 'ringing', 0),
      event(phone, 'started', 0.1),
      event(phone, 'answered', 0.2),
      event(app, 'started', 3),
      event(app, 'answered', 8),
      event(app, 'completed', 60),
      event(phone, 'completed', 60.1),
    ],
  };
}

/** Sends webhooks one after the other, each until it is acknowledged, as Vonage does. */
export async function deliver(url: string, webhooks: readonly Webhook[]): Promise<void> {
  for (const { method, path, body } of webhooks) {
    const headers = { 'content-type': 'application/json' };
    const send = () => fetch(url + path, { method, ...(body !== undefined && { body, headers }) });
    while (
      !(await send().then(
        (answer) => answer.ok,
        () => false,
      ))
    )
      await wait(RETRY_MS);
  }
}
