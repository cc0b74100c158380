import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io';
import type { TokenHolder } from './tokens.ts';

/** A message of the Client SDK's protocol: its type travels as the event's name. */
export interface Message {
  type: string;
  [field: string]: unknown;
}

/** Milliseconds that a session waits for its socket to come back; the SDK gives up earlier. */
const LINGER = 60_000;
const MAX_PENDING = 1000;
/** How many sessions one user may have open. */
const MAX_SESSIONS = 20;

/** One page of one user. Outlives its socket for a while, and keeps what the page misses meanwhile. */
export class Session {
  readonly id = randomUUID();
  readonly holder: TokenHolder;
  #socket: Socket | undefined;
  #pending: Message[] = [];
  #linger: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  readonly #drop: () => void;

  constructor(holder: TokenHolder, drop: () => void) {
    this.holder = holder;
    this.#drop = drop;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Takes over a socket, and hands out what was missed. */
  attach(socket: Socket): Message[] {
    clearTimeout(this.#linger);
    const earlier = this.#socket;
    this.#socket = socket;
    earlier?.conn.close();
    socket.once('disconnect', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#linger = setTimeout(this.#drop, LINGER).unref();
    });
    const missed = this.#pending;
    this.#pending = [];
    return missed;
  }

  /** Sends now, or when the page is back. */
  send(message: Message): void {
    if (this.#socket) {
      const { type, ...fields } = message;
      this.#socket.emit(type, fields);
    } else if (this.#pending.length < MAX_PENDING) this.#pending.push(message);
  }

  /** The token was renewed, or is new: the session ends when it expires. */
  livesUntil(expiresAt: number): void {
    clearTimeout(this.#expiry);
    // The SDK reads a disconnect by the server as an expired token, whatever the cause.
    this.#expiry = setTimeout(this.#drop, Math.max(0, expiresAt - Date.now())).unref();
  }

  close(): void {
    clearTimeout(this.#linger);
    clearTimeout(this.#expiry);
    this.#socket?.disconnect();
    this.#socket = undefined;
  }
}

/** All sessions of the platform. */
export class Sessions {
  readonly #byId = new Map<string, Session>();

  byId(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  /** The pages of a user, also those whose socket is away for a moment. */
  of(userId: string): Session[] {
    return [...this.#byId.values()].filter((session) => session.holder.user.id === userId);
  }

  /** Opens a session; undefined when the user has too many. */
  open(holder: TokenHolder): Session | undefined {
    if (this.of(holder.user.id).length >= MAX_SESSIONS) return undefined;
    const session: Session = new Session(holder, () => this.end(session.id));
    session.livesUntil(holder.expiresAt);
    this.#byId.set(session.id, session);
    return session;
  }

  end(id: string): void {
    this.#byId.get(id)?.close();
    this.#byId.delete(id);
  }

  close(): void {
    for (const id of [...this.#byId.keys()]) this.end(id);
  }
}
