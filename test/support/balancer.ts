import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';
import { listen } from '../../server/http/listen.ts';

/** A load balancer on this machine. */
interface Balancer {
  url: string;
  close(): void;
}

interface BalancerOptions {
  /** So many calls are passed on in the same moment, the first ones. */
  together?: number;
  /** Asked once a server has answered. Where it says so, whoever asked never hears of it. */
  losesReply?: (path: string) => boolean;
}

/**
 * Starts a load balancer: each server gets every other request, and of the calls that begin, too. A server that does
 * not listen is passed over, as one is that failed its health check.
 */
export async function startBalancer(
  targets: readonly string[],
  { together = 1, losesReply = () => false }: BalancerOptions = {},
): Promise<Balancer> {
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
        if (losesReply(url)) {
          asked.socket.destroy();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // A server that dies in the middle of its answer breaks this connection, too.
        pipeline(answer, response, () => {});
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
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}
