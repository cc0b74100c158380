import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { EventEntry } from '../../domain/webhooks/log-entry.ts';

export const REPLAY_HEADER = 'x-switchboard-replay';

/** Sends events that were received once more to this server, the way by which they came. */
export interface Replays {
  /** Sends it, signed anew; resolves with the status of the answer. Rejects where this server cannot be reached. */
  send(entry: EventEntry): Promise<number>;
  /** Whether a request that bears this header is one of these. */
  isOurs(header: unknown): boolean;
}

interface ReplayOptions {
  /** Address of this server as it reaches itself, without a slash at its end. */
  url: string;
  /** The secret that signs, and the account and application that the signature names. */
  secret: string | undefined;
  apiKey: string | undefined;
  applicationId: string;
}

/** Milliseconds that a replay may take. */
const PATIENCE = 10_000;

export function createReplays({ url, secret, apiKey, applicationId }: ReplayOptions): Replays {
  const mark = randomBytes(24).toString('base64url');
  return {
    async send(entry) {
      const body = JSON.stringify(entry.payload);
      const headers: Record<string, string> = { 'content-type': 'application/json', [REPLAY_HEADER]: mark };
      if (secret !== undefined)
        headers.authorization = `Bearer ${await sign(body, secret, { apiKey, applicationId })}`;
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(`${url}/voice/event`, { method: 'POST', headers, body, signal });
      return answer.status;
    },
    isOurs: (header) => header === mark,
  };
}

/** As Vonage signs webhooks. */
function sign(
  body: string,
  secret: string,
  account: { apiKey: string | undefined; applicationId: string },
): Promise<string> {
  return new SignJWT({
    payload_hash: createHash('sha256').update(body).digest('hex'),
    application_id: account.applicationId,
    ...(account.apiKey !== undefined && { api_key: account.apiKey }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('Vonage')
    .setIssuedAt()
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(secret));
}
