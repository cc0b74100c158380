import { createServer, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../../domain/api/page-api.ts';

/** Limits per connection. Times are milliseconds. */
export interface HttpLimits {
  /** From the first byte of a request, or from connecting, to the end of the headers. */
  headersTimeout: number;
  /** The same to the end of the body. Responses have no limit, because the feed never ends. */
  requestTimeout: number;
  /** How often the two limits above are checked. */
  connectionsCheckingInterval: number;
  /** How long a connection without a request is kept. */
  keepAliveTimeout: number;
  /** How long a connection without traffic is kept during a response. */
  silenceTimeout: number;
  /** Maximum size of request line and headers in bytes. */
  maxHeaderSize: number;
  maxConnections: number;
}

/**
 * - Vonage and the pages send about a kilobyte at once: ten seconds are enough on a bad network, and limit
 *   slow attackers.
 * - Connections are kept longer than the 60 s after which load balancers usually close idle ones (nginx, AWS,
 *   Azure). Otherwise they would send requests into closing connections. The number of requests per
 *   connection is not limited, because load balancers reuse few connections.
 * - The feed sends something every 8 s, so silence means that the client has stopped reading.
 * - A GET webhook has everything in its URL, including SIP headers, and stays within 16 kB.
 * - A connection costs about 20 kB. A thousand agents and their load balancer need some thousands.
 */
export const usualLimits: HttpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
  silenceTimeout: 60_000,
  maxHeaderSize: 16 * 1024,
  maxConnections: 10_000,
};

interface HttpServer {
  /** Not listening yet; add a `request` listener. */
  server: Server;
  /** From now on, closes each connection after its response, so that load balancers keep none for later. */
  drain(): void;
  /**
   * Accepts no new connections, answers running requests and closes each connection afterwards. Requests that
   * take longer than `patience` milliseconds are cut. Resolves when no connection is left.
   */
  close(patience: number): Promise<void>;
}

/** An HTTP server that withstands slow, large and malformed requests; the latter get an ApiError. */
export function createHttpServer(limits: HttpLimits = usualLimits): HttpServer {
  const { silenceTimeout, maxConnections, ...options } = limits;
  const server = createServer(options);
  server.timeout = silenceTimeout;
  server.maxConnections = maxConnections;
  server.on('clientError', refuse);

  const underWay = new Set<ServerResponse>();
  let closing = false;
  server.on('request', (request, response) => {
    underWay.add(response);
    if (closing) announceEnd(response);
    response.once('close', () => {
      underWay.delete(response);
      if (closing) request.socket.end();
    });
  });

  function drain(): void {
    closing = true;
    for (const response of underWay) announceEnd(response);
  }

  return {
    server,
    drain,
    async close(patience) {
      drain();
      const over = Promise.withResolvers<void>();
      // Node's HTTP close would also cut connections whose last response is not completely sent.
      NetServer.prototype.close.call(server, () => over.resolve());
      const impatience = setTimeout(() => server.closeAllConnections(), patience);
      // Connections whose responses are not completely sent yet.
      const ended = () => [...underWay].find((response) => response.writableEnded);
      for (let response = ended(); response !== undefined; response = ended()) await closed(response);
      server.closeIdleConnections();
      await over.promise;
      clearTimeout(impatience);
    },
  };
}

/** Resolves when a response is closed, even by an error. */
function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('close', () => resolve()));
}

function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/** Statuses and messages for requests that Node cannot parse; all others get 400. */
const refusals: Readonly<Record<string, [status: number, words: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'The address and the headers of the request are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the body are too long.'],
};

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node has no public way to find out whether a response has begun.
  const current: unknown = Reflect.get(socket, '_httpMessage');
  const hasBegun = current instanceof ServerResponse && current.headersSent;
  if (current instanceof ServerResponse && current.req.complete && !hasBegun && socket.writable) {
    // The pending request was valid; the one after it is malformed.
    current.once('close', () => refuse(error, socket));
    return;
  }
  if (socket.writable && !hasBegun) {
    const [status, words] = refusals[error.code ?? ''] ?? [400, 'Malformed HTTP request.'];
    const apiError: ApiError = { error: words, code: 'bad-request' };
    const body = JSON.stringify(apiError);
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}
