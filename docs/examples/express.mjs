// A Voice application with Express: greets callers, rings Alice, prints what happens.
//   VONAGE_SIGNATURE_SECRET  checks that webhooks are signed; without it they are not checked
//   PORT                     3000
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const { PORT = '3000', VONAGE_SIGNATURE_SECRET: secret } = process.env;
const app = express();

// The signature covers the body as it was sent, so that is kept.
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

/** HS256 over head and claims, and in the claims a hash of the body, or of the query in its order. */
function isSigned(request) {
  const [head = '', claims = '', seal = ''] = (request.get('authorization') ?? '')
    .replace(/^Bearer /i, '')
    .split('.');
  const right = createHmac('sha256', secret).update(`${head}.${claims}`).digest();
  const given = Buffer.from(seal, 'base64url');
  if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
  const { payload_hash: hash, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const sent = request.method === 'GET' ? JSON.stringify(request.query) : request.sent;
  return hash === createHash('sha256').update(sent).digest('hex') && Math.abs(Date.now() / 1000 - iat) <= 300;
}
