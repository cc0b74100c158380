import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One connection on which a test writes what no well-behaved client would. */
export interface RawConnection {
  socket: Socket;
  write(text: string | Buffer): void;
  /** All that came back so far. */
  received(): string;
  /** Resolves with all that came back when the other side has closed the connection. */
  closed: Promise<string>;
}

/** Opens a connection to a port of 127.0.0.1. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  // A server that closes while much is still sent to it resets the connection.
  socket.on('error', () => {});
  const closed = new Promise<string>((done) => socket.once('close', () => done(text)));
  await once(socket, 'connect');
  return { socket, write: (part) => void socket.write(part), received: () => text, closed };
}

/** Sends this on a connection of its own, and resolves with all that came back until the server closed it. */
export async function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const connection = await openRaw(port);
  for (const part of parts) connection.write(part);
  return connection.closed;
}

/** The status and the body of the only answer in a text; the status is 0 where there is none. */
export function answerIn(text: string): { status: number; body: string } {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0), body: rest.join('\r\n\r\n') };
}
