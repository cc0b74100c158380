import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

export interface WebhookRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** An endless supply of webhooks as Vonage sends them: each of another call, signed, no two alike. */
export function signedRequests(secret: string) {
  const sign = (content: string) => {
    const head = encode({ alg: 'HS256', typ: 'JWT' });
    const claims = encode({
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      iss: 'Vonage',
      payload_hash: createHash('sha256').update(content).digest('hex'),
      api_key: 'abcd1234',
    });
    const seal = createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url');
    return `Bearer ${head}.${claims}.${seal}`;
  };
  return {
    event(): WebhookRequest {
      const body = JSON.stringify({
        headers: {},
        from: '447700900000',
        to: '442038297050',
        uuid: randomBytes(16).toString('hex'),
        conversation_uuid: `CON-${randomUUID()}`,
        status: 'started',
        direction: 'inbound',
        timestamp: new Date().toISOString(),
      });
      const headers = { 'content-type': 'application/json', authorization: sign(body) };
      return { method: 'POST', path: '/voice/event', headers, body };
    },
    answer(): WebhookRequest {
      const query = {
        from: '447700900000',
        to: '442038297050',
        uuid: randomBytes(16).toString('hex'),
        conversation_uuid: `CON-${randomUUID()}`,
      };
      const path = `/voice/answer?${new URLSearchParams(query)}`;
      return { method: 'GET', path, headers: { authorization: sign(JSON.stringify(query)) } };
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
