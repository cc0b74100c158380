import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { listen } from '../../../emulator/listen.ts';

/** A proxy to a local server that carries requests until it fails. */
export interface DyingLine extends AsyncDisposable {
  url: string;
  /** Target of requests; can be set later if the server is not known yet. */
  target: string;
  /** Number of requests so far. */
  carried(): number;
}

/** When the proxy fails: `before` a request gets through, or `after` it but before its response. */
export interface Death {
  when: 'before' | 'after';
  /** The number of that request, counted from 1. */
  request: number;
}

export async function layDyingLine(target: string, death?: Death): Promise<DyingLine> {
  let carried = 0;
  const http = createServer(async (request, response) => {
    carried += 1;
    const left = death === undefined ? Number.POSITIVE_INFINITY : death.request - carried;
    if (left < 0 || (left === 0 && death?.when === 'before')) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { host: _, connection: __, ...headers } = request.headers;
    const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(new URL(request.url ?? '/', line.target), {
      method: request.method ?? 'GET',
      headers: sent.filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding'),
      redirect: 'manual',
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    }).catch(() => undefined);
    if (answer === undefined || left === 0) return void request.socket.destroy();
    const type = answer.headers.get('content-type');
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
    // Feeds arrive as they are sent.
    if (answer.body === null) response.end();
    else await pipeline(answer.body, response).catch(() => request.socket.destroy());
  });
  const url = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  const line: DyingLine = {
    url,
    target,
    carried: () => carried,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return line;
}
