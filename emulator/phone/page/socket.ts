import { io, type Socket } from 'socket.io-client';
import {
  type AnswerReply,
  type AnswerRequest,
  type CallUpdate,
  type DialReply,
  type DialRequest,
  type IncomingRing,
  PHONE_SOCKET_PATH,
  type PhoneToServer,
  type Reply,
  type ServerToPhone,
  type Welcome,
} from '../protocol.ts';

/** The line to the emulator. */
export interface Line {
  /** Registers the number on which this phone rings; null: none. All requests reject if the line drops. */
  register(number: string | null): Promise<Reply>;
  dial(request: DialRequest): Promise<DialReply>;
  answer(request: AnswerRequest): Promise<AnswerReply>;
  /** `busy`: this phone is in another call. */
  reject(uuid: string, busy: boolean): void;
  hangUp(uuid: string): void;
  sendDigit(uuid: string, digit: string): Promise<Reply>;
  /** Sends a text as speech in the call. */
  say(uuid: string, text: string): Promise<Reply>;
  /** Disconnects, which ends the call. */
  leave(): void;
  /** Reconnects after `leave`. */
  comeBack(): void;
}

export interface LineListener {
  welcomed(welcome: Welcome): void;
  /** `recovered`: the emulator still knows this phone and its call. */
  opened(recovered: boolean): void;
  dropped(): void;
  /** The line dropped and did not reconnect within 5 s. */
  lost(): void;
  /** A call rings here. */
  rang(ring: IncomingRing): void;
  updated(update: CallUpdate): void;
}

export type PhoneSocket = Socket<ServerToPhone, PhoneToServer>;

const LOST_AFTER_MS = 5000;
const COME_BACK_AFTER_MS = 1000;

/** A socket to the emulator at `origin` that reconnects automatically. */
export function openSocket(origin: string): PhoneSocket {
  return io(origin, {
    path: PHONE_SOCKET_PATH,
    transports: ['websocket'],
    reconnectionDelay: 250,
    reconnectionDelayMax: 2000,
  });
}

/** Speaks the phone's protocol on a socket, and passes what it receives to the listener. */
export function openLine(
  socket: PhoneSocket,
  listener: LineListener,
  { lostAfterMs = LOST_AFTER_MS, comeBackAfterMs = COME_BACK_AFTER_MS } = {},
): Line {
  let losing: ReturnType<typeof setTimeout> | undefined;
  let comingBack: ReturnType<typeof setTimeout> | undefined;

  function opened(): void {
    clearTimeout(losing);
    listener.opened(socket.recovered);
  }

  // An emulator that still knows this phone may not send a welcome.
  socket.on('connect', () => {
    if (socket.recovered) opened();
  });
  socket.on('welcome', (welcome) => {
    listener.welcomed(welcome);
    opened();
  });
  socket.on('disconnect', (reason) => {
    listener.dropped();
    if (reason === 'io client disconnect') return;
    clearTimeout(losing);
    losing = setTimeout(() => listener.lost(), lostAfterMs);
    // socket.io reconnects automatically, unless the server closed the connection.
    if (reason === 'io server disconnect') comingBack = setTimeout(() => socket.connect(), comeBackAfterMs);
  });
  socket.on('ring', (ring) => listener.rang(ring));
  socket.on('call', (update) => listener.updated(update));

  return {
    register: (number) => socket.emitWithAck('register', { number }),
    dial: (request) => socket.emitWithAck('dial', request),
    answer: (request) => socket.emitWithAck('answer', request),
    reject(uuid, busy) {
      socket.emit('reject', { uuid, busy }, () => {});
    },
    hangUp(uuid) {
      // Rejected only if the call is already over.
      socket.emit('hangup', { uuid }, () => {});
    },
    sendDigit: (uuid, digits) => socket.emitWithAck('dtmf', { uuid, digits }),
    say: (uuid, text) => socket.emitWithAck('say', { uuid, text }),
    leave() {
      clearTimeout(losing);
      clearTimeout(comingBack);
      socket.disconnect();
    },
    comeBack: () => socket.connect(),
  };
}
