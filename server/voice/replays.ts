import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { EventEntry } from '../../domain/webhooks/log-entry.ts';

export const REPLAY_HEADER = 'x-switchboard-replay';

/** Sends stored events to this server again, through the same route. */
export interface Replays {
  /** Signs and sends the event. Resolves with the response status. Rejects if this server cannot be reached. */
  send(entry: EventEntry): Promise<number>;
  /** Whether a request with this header is a replay by this server. */
  isOurs(header: unknown): boolean;
}

interface ReplayOptions {
  /** This server's own local address, without a trailing slash. */
  url: string;
  /** The signing secret, and the account and application that the signature names. */
  secret: string | undefined;
  apiKey: string | undefined;
  applicationId: string;
}

/** Timeout of a replay in milliseconds. */
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
