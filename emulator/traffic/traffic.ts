import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { SoundObserver } from '../media/stream-loader.ts';
import type { SigningIdentity } from '../provisioning/account.ts';
import type { WebhookClient, WebhookObserver } from '../webhooks/request.ts';
import { createTrafficFeed } from './feed.ts';
import type { AnsweredWebhook } from './hint.ts';
import { createTrafficLog } from './log.ts';
import type { RequestRecorder, RequestRecorderOptions } from './record-requests.ts';
import { recordRequests } from './record-requests.ts';
import { recordSounds } from './record-sounds.ts';
import { recordWebhooks } from './record-webhooks.ts';
import { trafficRouter } from './router.ts';

/** Everything that the platform asked and was asked: written down, told to pages, and sent again on demand. */
interface Traffic {
  /** Writes down each attempt of a webhook. */
  observeWebhook: WebhookObserver;
  /** Writes down each request for a sound. */
  observeSound: SoundObserver;
  /** Writes down what the platform is asked. */
  requests(options: Pick<RequestRecorderOptions, 'base' | 'publicKeyOf' | 'conversationOf'>): RequestRecorder;
  /**
   * What is below `/emulator/requests`.
   * @param signerOf undefined where an application is gone
   */
  router(client: WebhookClient, signerOf: (application: string) => SigningIdentity | undefined): Router;
  /** Lets the pages go. */
  close(): void;
}

interface TrafficOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** What is wrong with an NCCO, in words. */
  nccoFault: AnsweredWebhook['nccoFault'];
}

export function createTraffic({ now, nccoFault }: TrafficOptions): Traffic {
  // How long an answer of the outside takes, and that this run is not the last one, is of the machine's own
  // world: a virtual one would say 0, and the same each time.
  const log = createTrafficLog({ stopwatch: () => performance.now(), newEpoch: randomUUID });
  const feed = createTrafficFeed(log);
  const webhooks = recordWebhooks({ log, now, nccoFault });
  return {
    observeWebhook: webhooks.observe,
    observeSound: recordSounds({ log, now }),
    requests: (options) => recordRequests({ log, now, ...options }),
    router: (client, signerOf) =>
      trafficRouter({ log, feed, resend: (id) => webhooks.resend(id, client, signerOf) }),
    close: feed.close,
  };
}
