import { open } from 'node:fs/promises';
import express from 'express';

/**
 * The least that is needed for "acknowledged means on the disk": the bare server, which adds each event to a file and
 * answers when the disk has it. Events that come meanwhile share the next write. It looks for nothing in what it
 * keeps, knows no call, and checks no signature.
 */
const log = await open('events.log', 'as');
const app = express();
app.use(express.json());

interface Waiting {
  line: string;
  acknowledge(): void;
}

let waiting: Waiting[] = [];
let writing = false;

async function write(): Promise<void> {
  if (writing) return;
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await log.appendFile(group.map(({ line }) => line).join(''));
    for (const { acknowledge } of group) acknowledge();
  }
  writing = false;
}

app.post('/voice/event', (request, response) => {
  console.log('EVENT:');
  console.dir(request.body);
  console.log('---');
  waiting.push({
    line: `${JSON.stringify(request.body)}\n`,
    acknowledge: () => response.sendStatus(200),
  });
  write();
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
