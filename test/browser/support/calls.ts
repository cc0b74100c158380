import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** One webhook from Vonage. */
export interface Webhook {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface WholeCall {
  id: string;
  /** The answer request, then the nine events. */
  webhooks: readonly Webhook[];
}

/** Milliseconds between two attempts to deliver a webhook. */
const RETRY_MS = 50;

/** The webhooks of a call that an agent answers and that is recorded. */
export function wholeCall({ caller = '447700900000', agent = 'Alice' } = {}): WholeCall {
  const id = `CON-${randomUUID()}`;
  const phone = { from: caller, to: '442038297050', uuid: randomUUID(), conversation_uuid: id };
  const app = { ...phone, to: agent, uuid: randomUUID() };
  const begin = Date.now();
  const time = (second: number) => new Date(begin + second * 1_000).toISOString();
  const event = (body: object) =>
    ({ method: 'POST', path: '/voice/event', body: JSON.stringify(body) }) as const;
  const status = (leg: typeof phone, status: string, second: number) => {
    const direction = leg === app ? 'outbound' : 'inbound';
    return event({ ...leg, direction, status, timestamp: time(second) });
  };
  return {
    id,
    webhooks: [
      { method: 'GET', path: `/voice/answer?${new URLSearchParams(phone)}` },
      status(phone, 'ringing', 0),
      status(phone, 'started', 0.1),
      status(phone, 'answered', 0.2),
      status(app, 'started', 3),
      status(app, 'ringing', 3.2),
      status(app, 'answered', 8),
      event({
        conversation_uuid: id,
        recording_uuid: randomUUID(),
        recording_url: 'https://api.nexmo.com/v1/files/recording',
        start_time: time(8),
        end_time: time(60),
        size: 416_000,
        timestamp: time(60),
      }),
      status(app, 'completed', 60),
      status(phone, 'completed', 60.1),
    ],
  };
}

/** Sends webhooks in sequence, each until it is acknowledged, as Vonage does. */
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
