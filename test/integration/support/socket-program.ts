import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { listen } from '../../../emulator/listen.ts';

/** A program that takes calls by WebSocket (RFC 6455, as far as a test needs it). */
export interface SocketProgram extends AsyncDisposable {
  readonly url: string;
  /** Headers of the handshake. */
  readonly headers: IncomingHttpHeaders[];
  /** Received text messages, parsed as JSON. */
  readonly texts: Record<string, unknown>[];
  readonly messages: Buffer[];
  /** Sends a binary message, or an object as JSON. */
  send(message: Buffer | object): void;
  /** Closes the socket with a code of 1000. */
  hangUp(reason: string): void;
  /** How often the other side closed the connection. */
  readonly closed: number;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;

/** @param answers whether it accepts connections or rejects them with 403 */
export async function startSocketProgram(answers = true): Promise<SocketProgram> {
  const http = createServer();
  const open = new Set<Duplex>();
  const state = { headers: [] as IncomingHttpHeaders[], closed: 0 };
  const texts: Record<string, unknown>[] = [];
  const messages: Buffer[] = [];

  http.on('upgrade', (request, socket) => {
    state.headers.push(request.headers);
    if (!answers) return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${GUID}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      for (let frame = readFrame(bytes); frame; frame = readFrame(bytes)) {
        bytes = bytes.subarray(frame.length);
        if (frame.opcode === TEXT) texts.push(JSON.parse(frame.payload.toString()));
        else if (frame.opcode === BINARY) messages.push(frame.payload);
        else if (frame.opcode === CLOSE) {
          state.closed += 1;
          socket.end(writeFrame(CLOSE, frame.payload));
        }
      }
    });
  });
  const url = `ws://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}/socket`;
  const broadcast = (opcode: number, payload: Buffer) => {
    for (const socket of open) socket.write(writeFrame(opcode, payload));
  };
  return {
    url,
    headers: state.headers,
    texts,
    messages,
    send(message) {
      if (Buffer.isBuffer(message)) broadcast(BINARY, message);
      else broadcast(TEXT, Buffer.from(JSON.stringify(message)));
    },
    hangUp(reason) {
      broadcast(CLOSE, Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.from(reason)]));
    },
    get closed() {
      return state.closed;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

/** The first complete frame of a client, unmasked. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const head = short === 126 ? 4 : 2;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  const length = head + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const payload = Buffer.from(bytes.subarray(head + 4, length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, length };
}

function writeFrame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}
