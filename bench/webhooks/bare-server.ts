import express from 'express';

/** A server as in a tutorial: it answers and prints, but stores and checks nothing. */
const app = express();
app.use(express.json());
app.get('/voice/answer', (request, response) => {
  console.log('NCCO request:');
  console.log(`  - caller: ${request.query.from}`);
  console.log(`  - callee: ${request.query.to}`);
  console.log('---');
  response.json([
    { action: 'talk', text: 'Please wait while we connect you to an agent' },
    { action: 'connect', from: request.query.from, endpoint: [{ type: 'app', user: 'Alice' }] },
  ]);
});
app.post('/voice/event', (request, response) => {
  console.log('EVENT:');
  console.dir(request.body);
  console.log('---');
  response.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
