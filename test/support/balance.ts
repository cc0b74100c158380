import { createServer, request } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../../server/http/listen.ts';

/**
 * A load balancer on this machine, until the test is over: each server gets every other request, and of the calls that
 * begin, too. A server that does not listen is passed over, as one is that failed its health check.
 * @param together so many calls are passed on in the same moment, the first ones
 */
export async function balance(targets: readonly string[], together = 1): Promise<string> {
  let requests = 0;
  let calls = 0;
  const all = Promise.withResolvers<void>();
  const http = createServer(async (asked, response) => {
    const isCall = asked.url?.startsWith('/voice/answer') ?? false;
    const turn = isCall ? calls : requests;
    if (isCall) {
      calls += 1;
      if (calls === together) all.resolve();
      await all.promise;
    } else requests += 1;
    const body: Buffer[] = [];
    try {
      for await (const chunk of asked) body.push(chunk);
    } catch {
      // Whoever asked has left.
      return;
    }
    const { method, headers, url = '/' } = asked;
    const passOn = (left: number) => {
      const target = targets[(turn + targets.length - left) % targets.length] ?? '';
      const passed = request(new URL(url, target), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', (error: NodeJS.ErrnoException) => {
        // What was sent may have been done: only who never got it may be passed over.
        if (error.code === 'ECONNREFUSED' && left > 1) passOn(left - 1);
        else asked.socket.destroy();
      });
      response.once('close', () => passed.destroy());
      passed.end(Buffer.concat(body));
    };
    passOn(targets.length);
  });
  const port = await listen(http, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${port}`;
}
