import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Arrival } from '../../test/support/arrivals.ts';
import { readArrival } from '../../test/support/arrivals.ts';

/**
 * The benchmark's application, in its own process: answers each call with the NCCO from the command line, and
 * records events. Its parent sends the signature secret, or `report` to get what arrived since the last
 * report.
 */
const [, , ncco = '[]'] = process.argv;
let secret = '';
let arrivals: Arrival[] = [];
let forged = 0;

process.on('message', (message) => {
  if (message !== 'report') {
    secret = String(message);
    return;
  }
  process.send?.({ arrivals, forged });
  arrivals = [];
  forged = 0;
});

const server = createServer(async (request, response) => {
  const at = Date.now();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const isQuestion = pathname === '/answer';
  const content = isQuestion ? JSON.stringify(Object.fromEntries(searchParams)) : await readBody(request);
  if (!isSigned(content, request.headers.authorization)) forged += 1;
  if (!isQuestion) arrivals.push(readArrival(JSON.parse(content), at));
  response.setHeader('content-type', 'application/json').end(isQuestion ? ncco : '{}');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Whether the token was signed with the secret for exactly this content. */
function isSigned(content: string, authorization = ''): boolean {
  const [head = '', claims = '', seal = ''] = authorization.replace(/^Bearer /, '').split('.');
  if (createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url') !== seal) return false;
  const { payload_hash: hash } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  return hash === createHash('sha256').update(content).digest('hex');
}
