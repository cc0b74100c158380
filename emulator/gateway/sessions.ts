import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io';
import type { User } from '../account.ts';
import type { TokenHolder } from './tokens.ts';

/** A message of the Client SDK's protocol: its type travels as the event's name. */
export interface Message {
  type: string;
  [field: string]: unknown;
}

/** Milliseconds that a session waits for its socket to come back; the SDK gives up earlier. */
const LINGER = 60_000;
const MAX_PENDING = 1000;
/** Milliseconds; Node takes a longer timer for none at all. */
const LONGEST_TIMER = 2 ** 31 - 1;
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
  readonly #breaks: () => boolean;

  /** @param breaks whether the socket breaks just before something is sent. */
  constructor(holder: TokenHolder, drop: () => void, breaks: () => boolean) {
    this.holder = holder;
    this.#drop = drop;
    this.#breaks = breaks;
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
      if (this.#socket === socket) this.#lose();
    });
    const missed = this.#pending;
    this.#pending = [];
    return missed;
  }

  /** Sends now, or when the page is back. */
  send(message: Message): void {
    if (this.#socket && this.#breaks()) this.#lose()?.conn.close();
    if (this.#socket) {
      const { type, ...fields } = message;
      this.#socket.emit(type, fields);
    } else if (this.#pending.length < MAX_PENDING) this.#pending.push(message);
  }

  /** The socket is away, perhaps for good. Returns it. */
  #lose(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#linger = setTimeout(this.#drop, LINGER).unref();
    return socket;
  }

  /** The token was renewed, or is new: the session ends when it expires. */
  livesUntil(expiresAt: number): void {
    clearTimeout(this.#expiry);
    // The SDK reads a disconnect by the server as an expired token, whatever the cause.
    const left = Math.min(Math.max(0, expiresAt - Date.now()), LONGEST_TIMER);
    this.#expiry = setTimeout(this.#drop, left).unref();
  }

  /** Ends it. The page takes that for an expired token, whatever the cause. */
  end(): void {
    this.forget();
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  /** Stops its timers; the page is told nothing. */
  forget(): void {
    clearTimeout(this.#linger);
    clearTimeout(this.#expiry);
  }
}

/** All sessions of the platform. */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  readonly #breaks: (user: User) => boolean;

  /** @param breaks whether the socket of a page of this user breaks just before something is sent. */
  constructor(breaks: (user: User) => boolean = () => false) {
    this.#breaks = breaks;
  }

  byId(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  /** The pages of a user, also those whose socket is away for a moment. */
  of(userId: string): Session[] {
    return [...this.#byId.values()].filter((session) => session.holder.user.id === userId);
  }

  /** Opens a session, at the cost of the oldest that waits for its page; undefined when too many pages are open. */
  open(holder: TokenHolder): Session | undefined {
    const others = this.of(holder.user.id);
    if (others.length >= MAX_SESSIONS) {
      const away = others.find((other) => !other.connected);
      if (!away) return undefined;
      this.end(away.id);
    }
    const drop = () => this.end(session.id);
    const session: Session = new Session(holder, drop, () => this.#breaks(holder.user));
    session.livesUntil(holder.expiresAt);
    this.#byId.set(session.id, session);
    return session;
  }

  end(id: string): void {
    this.#byId.get(id)?.end();
    this.#byId.delete(id);
  }

  close(): void {
    for (const session of this.#byId.values()) session.forget();
    this.#byId.clear();
  }
}
