// A Voice application with Express: greets callers, rings Alice, prints events.
//   VONAGE_SIGNATURE_SECRET  if set, only webhooks signed with it are accepted
//   PORT                     3000 by default
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const { PORT = '3000', VONAGE_SIGNATURE_SECRET: secret } = process.env;
const app = express();

// The signature covers the raw body, so keep it.
app.use(express.json({ verify: (request, _response, body) => Object.assign(request, { sent: body }) }));
app.use('/webhooks', (request, response, next) => {
  if (!secret || isSigned(request)) next();
  else response.sendStatus(401);
});

app.get('/webhooks/answer', (request, response) => {
  console.log('call from', request.query.from);
  response.json([
    { action: 'talk', text: 'Hello, one moment please.' },
    { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] },
  ]);
});

app.post('/webhooks/event', (request, response) => {
  console.log(request.body.status, request.body.to);
  response.sendStatus(200);
});

app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on ${PORT}`);
});

/** Checks the token: its HS256 signature, its hash of the body (for GET: of the query, in order), and its age. */
function isSigned(request) {
  const [header = '', claims = '', signature = ''] = (request.get('authorization') ?? '')
    .replace(/^Bearer /i, '')
    .split('.');
  const expected = createHmac('sha256', secret).update(`${header}.${claims}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const { payload_hash: hash, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const sent = request.method === 'GET' ? JSON.stringify(request.query) : request.sent;
  return hash === createHash('sha256').update(sent).digest('hex') && Math.abs(Date.now() / 1000 - iat) <= 300;
}
