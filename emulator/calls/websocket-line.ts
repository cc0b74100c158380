import { WebSocket } from 'undici';
import { z } from 'zod';
import { createL16Decoder, createL16Encoder } from '../media/l16.ts';
import { FRAME_MS } from '../media/pcm.ts';
import type { MediaPeer, PeerState } from '../media/peer.ts';
import { signWebhook } from '../webhooks/compose.ts';
import type { WebsocketEndpoint } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';

/** Vonage keeps this many messages of 20 ms for later; more are lost (Voice API, WebSockets guide). */
const MOST_MESSAGES = 3072;
/** Milliseconds, of the machine's clock, within which the program must take the connection. */
const OPENING_PATIENCE = 10_000;
/** Reported duration of a key press in milliseconds. */
const KEY_MS = 260;

const command = z.discriminatedUnion('action', [
  z.looseObject({ action: z.literal('clear') }),
  z.looseObject({ action: z.literal('notify'), payload: z.unknown() }),
]);

/**
 * Connects a leg to a program by a WebSocket, as Vonage does: a first message that tells the format and the
 * endpoint's headers, then 20 ms of linear PCM a message, both ways. The leg is answered when the socket is open.
 */
export function connectSocket(leg: Leg, endpoint: WebsocketEndpoint, exchange: Exchange): void {
  const socket = new WebSocket(endpoint.uri, { headers: authorization(leg, endpoint, exchange) });
  socket.binaryType = 'arraybuffer';
  const rate = Number(/\d+$/.exec(endpoint['content-type'])?.[0]);
  const say = (event: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
  };
  const playout = createPlayout(rate, (payload) => say({ event: 'websocket:notify', payload }));
  const speak = (message: Buffer) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
  };

  const opening = new Promise<void>((settled) => {
    const giveUp = setTimeout(() => socket.close(), OPENING_PATIENCE);
    const done = () => {
      clearTimeout(giveUp);
      settled();
    };
    socket.addEventListener('open', () => {
      done();
      if (leg.end) return;
      say({ event: 'websocket:connected', 'content-type': endpoint['content-type'], ...endpoint.headers });
      leg.connectMedia(createSocketPeer(rate, playout, exchange, speak));
      leg.answer();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      done();
      const opened = leg.answeredAt !== undefined;
      const text = reason || `The application closed the socket with code ${code}`;
      leg.finish({ cause: opened ? 'disconnected' : 'unreachable', text });
    });
    // What follows is always a close.
    socket.addEventListener('error', ({ message }) => {
      if (leg.answeredAt === undefined && !leg.end)
        exchange.parts.log(`WebSocket ${endpoint.uri} could not be opened: ${message || 'refused'}`);
    });
  });
  void leg.world.trackPending(opening);

  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) return playout.add(Buffer.from(data));
    const asked = readCommand(data);
    if (asked?.action === 'clear') {
      playout.clear();
      say({ event: 'websocket:cleared' });
    } else if (asked) playout.mark(asked.payload);
    else
      exchange.parts.log(
        `WebSocket ${endpoint.uri} sent a text that is no command: ${String(data).slice(0, 200)}`,
      );
  });

  const sayKeys = (digits: string) => {
    for (const digit of digits) say({ event: 'websocket:dtmf', digit, duration: KEY_MS });
  };
  const stopKeys = exchange.onDigits((sender, digits) => {
    if (sender !== leg && sender.conversation === leg.conversation) sayKeys(digits);
  });
  leg.observe({
    keysSent: (_leg, digits) => sayKeys(digits),
    ended() {
      stopKeys();
      if (socket.readyState === WebSocket.CONNECTING || socket.readyState === WebSocket.OPEN) socket.close();
    },
  });
}

function authorization(leg: Leg, { authorization, uri }: WebsocketEndpoint, exchange: Exchange) {
  if (!authorization) return {};
  if (authorization.type === 'custom') return { authorization: authorization.value };
  const identity = exchange.identityOf(leg.application.id);
  return { authorization: `Bearer ${signWebhook(uri, identity, Date.now())}` };
}

function readCommand(data: unknown): z.infer<typeof command> | undefined {
  try {
    return command.parse(JSON.parse(String(data)));
  } catch {
    return undefined;
  }
}

/** What the program has sent and nobody has heard yet, with its marks in between. */
interface Playout {
  add(message: Buffer): void;
  /** Tells `payload` when all that was sent before it has been heard. */
  mark(payload: unknown): void;
  clear(): void;
  /** The next 10 ms; undefined when there is nothing. */
  next(): Int16Array | undefined;
}

function createPlayout(rate: number, onMark: (payload: unknown) => void): Playout {
  const decode = createL16Decoder(rate);
  const most = (MOST_MESSAGES * 20) / FRAME_MS;
  let queue: ({ frame: Int16Array } | { payload: unknown })[] = [];
  const passMarks = () => {
    for (let head = queue[0]; head && 'payload' in head; head = queue[0]) {
      queue.shift();
      onMark(head.payload);
    }
  };
  return {
    add(message) {
      if (queue.length < most) queue.push(...decode(message).map((frame) => ({ frame })));
    },
    mark(payload) {
      queue.push({ payload });
      passMarks();
    },
    clear() {
      queue = [];
    },
    next() {
      const head = queue.shift();
      passMarks();
      return head && 'frame' in head ? head.frame : undefined;
    },
  };
}

/** The program's sound as a peer: what it sends is heard at the pace of the clock. */
function createSocketPeer(
  rate: number,
  playout: Playout,
  exchange: Exchange,
  send: (message: Buffer) => void,
): MediaPeer {
  const encode = createL16Encoder(rate);
  const frameListeners = new Set<(frame: Int16Array) => void>();
  const stateListeners = new Set<() => void>();
  let state: PeerState = 'connected';
  const stopTicking = exchange.parts.clock.onTick(() => {
    const frame = playout.next();
    if (frame) for (const listener of frameListeners) listener(frame);
  });
  return {
    get state() {
      return state;
    },
    onState(fn) {
      stateListeners.add(fn);
      return () => stateListeners.delete(fn);
    },
    onFrame(fn) {
      frameListeners.add(fn);
      return () => frameListeners.delete(fn);
    },
    send(frame) {
      const message = encode(frame);
      if (message) send(message);
    },
    close() {
      if (state === 'closed') return;
      state = 'closed';
      stopTicking();
      for (const listener of stateListeners) listener();
      frameListeners.clear();
      stateListeners.clear();
    },
  };
}
