import type { WebhookAddress } from '../provisioning/account.ts';
import type { WebhookClient } from './request.ts';
import type { Payload, WebhookOutcome } from './webhook.ts';
import { kindOf } from './webhook.ts';

/** A webhook that is on its way to the application. */
export interface SentWebhook {
  /** `answer`, `fallback`, a status, or the kind of another event. */
  kind: string;
  target: WebhookAddress;
  payload: Payload;
  outcome: Promise<WebhookOutcome>;
}

interface WebhookTap {
  client: WebhookClient;
  /** Calls `fn` with each webhook as it is sent. Returns the undo. */
  onWebhook(fn: (webhook: SentWebhook) => void): () => void;
}

/** Lets programs see each webhook as it is sent. */
export function tapWebhooks(client: WebhookClient): WebhookTap {
  const listeners = new Set<(webhook: SentWebhook) => void>();
  return {
    client: {
      send(target, payload, ...others) {
        const outcome = client.send(target, payload, ...others);
        const webhook = { kind: kindOf(payload), target, payload, outcome };
        for (const listener of listeners) listener(webhook);
        return outcome;
      },
      close: () => client.close(),
    },
    onWebhook(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
  };
}
