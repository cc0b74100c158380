import { connect } from 'node:net';
import type { WebhookRequest } from './signed-requests.ts';

/** A keep-alive connection with one request at a time. */
export interface Connection {
  /** `request` as returned by `bytesOf`. */
  send(request: Buffer): void;
  close(): void;
}

const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/**
 * Does as little as possible per request, because the measured servers share the processors. Responses are
 * checked only for their status and end.
 * @param onAnswer hears the status of each answer; what it sends goes with no turn of the event loop between.
 * @param onError hears why the connection is of no use; it says nothing more then.
 */
export function openConnection(
  port: number,
  { onAnswer, onError }: { onAnswer: (status: number) => void; onError: (error: Error) => void },
): Connection {
  let received = '';
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received = received === '' ? chunk : received + chunk;
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = LENGTH.exec(received)?.[1];
    if (length === undefined) return fail(new Error('An answer does not say how long it is.'));
    if (received.length < headEnd + 4 + Number(length)) return;
    const status = Number(received.slice(9, 12));
    received = '';
    onAnswer(status);
  });
  socket.on('error', fail);
  socket.on('end', () => fail(new Error('The server closed a connection.')));

  function fail(error: Error): void {
    socket.removeAllListeners('data').destroy();
    onError(error);
  }

  return {
    send: (request) => void socket.write(request),
    close() {
      socket.removeAllListeners('end').destroy();
    },
  };
}

/** What goes over the wire. */
export function bytesOf({ method, path, headers, body = '' }: WebhookRequest): Buffer {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`);
}
