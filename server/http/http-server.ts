import { createServer, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../../domain/api/page-api.ts';

/** What one connection may take. Times are milliseconds. */
export interface HttpLimits {
  /** From the first byte of a request, or from the opening of a connection, to the end of the headers. */
  headersTimeout: number;
  /** The same to the end of the body. Answers may take as long as they like: the feed's never end. */
  requestTimeout: number;
  /** How often the two above are looked after. */
  connectionsCheckingInterval: number;
  /** A connection without a request is kept so long. */
  keepAliveTimeout: number;
  /** A connection on which nothing moves is kept so long, though it is being answered. */
  silenceTimeout: number;
  /** Bytes of request line and headers. */
  maxHeaderSize: number;
  maxConnections: number;
}

/**
 * - Vonage sends a request of a kilobyte at once, and so do the pages: ten seconds forgive a bad line, and
 *   whoever sends byte by byte holds a connection no longer.
 * - Connections are kept longer than the 60 s after which load balancers usually give up idle ones (nginx,
 *   AWS, Azure): were it the other way round, they would send requests into connections that are closing.
 *   There is no limit of requests on one connection, because a load balancer needs few and never renews them.
 * - The feed says something every 15 s, so that silence means a client that has stopped to read.
 * - A webhook by GET has everything in its address, with SIP headers, and that stays within 16 kB.
 * - A connection costs about 20 kB, a thousand agents and their load balancer need some thousands of them.
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
  /** To listen with; what it is to do with requests is up to its listeners. */
  server: Server;
  /**
   * Takes no new connections, answers what is under way and closes each connection after it. What takes
   * longer than `patience` milliseconds is cut. Resolves when no connection is left.
   */
  close(patience: number): Promise<void>;
}

/** A server that bears with slow, large and broken requests; those that are none get an ApiError too. */
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

  return {
    server,
    async close(patience) {
      closing = true;
      for (const response of underWay) announceEnd(response);
      const over = Promise.withResolvers<void>();
      // Node's own close for HTTP also cuts connections whose last answer has not been sent to its end.
      NetServer.prototype.close.call(server, () => over.resolve());
      const impatience = setTimeout(() => server.closeAllConnections(), patience);
      // Those that were answered, and whose answers are not sent to their end yet.
      const ended = () => [...underWay].find((response) => response.writableEnded);
      for (let response = ended(); response !== undefined; response = ended()) await closed(response);
      server.closeIdleConnections();
      await over.promise;
      clearTimeout(impatience);
    },
  };
}

/** Resolves when a response is closed, be it by a fault. */
function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('close', () => resolve()));
}

function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/** Statuses and words for what Node could not read as a request; anything else is a 400. */
const refusals: Readonly<Record<string, [status: number, words: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'The address and the headers of the request are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the body are too long.'],
};

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node gives no public way to learn whether an answer has begun, into which no other may be written.
  const current: unknown = Reflect.get(socket, '_httpMessage');
  const hasBegun = current instanceof ServerResponse && current.headersSent;
  if (current instanceof ServerResponse && current.req.complete && !hasBegun && socket.writable) {
    // That request was right, and has an answer coming; what is wrong is the next one.
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
