import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

export interface WebhookRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Simultaneous calls: events of one call are this many events apart. */
const LIVE_CALLS = 500;

/** An endless supply of distinct signed webhooks as Vonage sends them, for calls from a phone to a user. */
export function signedRequests(secret: string) {
  const calls = Array.from({ length: LIVE_CALLS }, () => eventsOfCall());
  let turn = 0;
  const nextEvent = () => {
    turn = (turn + 1) % LIVE_CALLS;
    const call = calls[turn]?.next();
    if (call && !call.done) return call.value;
    const anew = eventsOfCall();
    calls[turn] = anew;
    return anew.next().value;
  };
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
      const body = JSON.stringify(nextEvent());
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

/** The seven events of an answered call. */
function* eventsOfCall() {
  const now = () => new Date().toISOString();
  const parties = { from: '447700900000', conversation_uuid: `CON-${randomUUID()}` };
  const phone = {
    ...parties,
    to: '442038297050',
    uuid: randomBytes(16).toString('hex'),
    direction: 'inbound',
  };
  const app = { ...parties, to: 'Alice', uuid: randomUUID(), direction: 'outbound' };
  const over = { duration: '5', rate: '0.00', price: '0', network: null };
  yield { headers: {}, ...phone, status: 'ringing', timestamp: now() };
  yield { headers: {}, ...phone, status: 'started', timestamp: now() };
  yield {
    start_time: null,
    headers: {},
    rate: null,
    ...phone,
    status: 'answered',
    network: null,
    timestamp: now(),
  };
  yield { ...app, status: 'started', timestamp: now() };
  yield {
    start_time: null,
    headers: {},
    rate: null,
    ...app,
    status: 'answered',
    network: null,
    timestamp: now(),
  };
  yield {
    headers: {},
    end_time: now(),
    start_time: now(),
    ...over,
    ...app,
    status: 'completed',
    timestamp: now(),
  };
  yield {
    headers: {},
    end_time: now(),
    start_time: now(),
    ...over,
    ...phone,
    status: 'completed',
    timestamp: now(),
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
