import { randomUUID } from 'node:crypto';
import type { User } from '../provisioning/account.ts';
import type { TokenHolder } from './tokens.ts';

/** A message of the Client SDK's protocol: its type travels as the event's name. */
export interface Message {
  type: string;
  [field: string]: unknown;
}

/** What a session needs of a socket. */
export interface SessionSocket {
  emit(type: string, fields: object, onAcknowledged?: () => void): unknown;
  once(event: 'disconnect', fn: () => void): unknown;
  disconnect(): unknown;
  /** Its connection, which a network may break. */
  readonly conn: { close(): unknown };
}

/** Milliseconds that a session waits for its socket to come back; the SDK gives up earlier. */
const LINGER = 60_000;
/**
 * Milliseconds within which a page acknowledges a message. One that takes longer sleeps, or its line is dead: the
 * socket is broken, and what is left is sent when it is back. It is not repeated on the same socket, which loses
 * nothing: a page that wakes up would act on it twice, for the SDK (2.3.1) does not look at the ids of events.
 */
const ACKNOWLEDGE_PATIENCE = 15_000;
const MAX_PENDING = 1000;
/** Milliseconds; Node takes a longer timer for none at all. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** How many sessions one user may have open. */
const MAX_SESSIONS = 20;

/** A message that the page has not acknowledged. */
interface Pending {
  message: Message;
  /** Whether it still has to be told to a page that may know it already. */
  isCurrent: () => boolean;
}

/** One page of one user. Outlives its socket for a while, and keeps what the page has not acknowledged. */
export class Session {
  readonly id = randomUUID();
  readonly holder: TokenHolder;
  /** Whether the page acknowledges what it is sent, as it says when it opens the session. */
  readonly acknowledges: boolean;
  #socket: SessionSocket | undefined;
  #pending: Pending[] = [];
  #linger: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  readonly #drop: () => void;
  readonly #breaks: () => boolean;

  /** @param breaks whether the socket breaks just before something is sent. */
  constructor(holder: TokenHolder, acknowledges: boolean, drop: () => void, breaks: () => boolean) {
    this.holder = holder;
    this.acknowledges = acknowledges;
    this.#drop = drop;
    this.#breaks = breaks;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Takes over a socket, opens the session with `success`, and hands out what was missed. */
  attach(socket: SessionSocket, success: Record<string, unknown>): void {
    clearTimeout(this.#linger);
    const earlier = this.#socket;
    this.#socket = socket;
    earlier?.conn.close();
    socket.once('disconnect', () => {
      if (this.#socket === socket) this.#lose();
    });
    this.#pending = this.#pending.filter(({ isCurrent }) => isCurrent());
    const missed = this.#pending.map(({ message }) => message);
    const body = { ...success, ...(missed.length > 0 && { pending_events: missed }) };
    this.#emit('session:success', { body }, this.#pending.at(-1));
  }

  /**
   * Sends now, or when the page is back.
   * @param isCurrent whether it has to be sent again when the page is back and has not acknowledged it
   */
  send(message: Message, isCurrent = () => true): void {
    if (this.#socket && this.#breaks()) this.#lose()?.conn.close();
    const pending = { message, isCurrent };
    if ((this.acknowledges || !this.#socket) && this.#pending.length < MAX_PENDING)
      this.#pending.push(pending);
    const { type, ...fields } = message;
    this.#emit(type, fields, pending);
  }

  /** @param last the last of the messages that the page knows when it acknowledges this one */
  #emit(type: string, fields: object, last: Pending | undefined): void {
    const socket = this.#socket;
    if (!socket) return;
    if (!this.acknowledges) {
      this.#pending = [];
      socket.emit(type, fields);
      return;
    }
    socket.emit(type, fields, () => this.#acknowledged(last));
    this.#patience ??= this.#expectAcknowledgement();
  }

  /** Messages come in their order: who knows the last knows those before it. */
  #acknowledged(last: Pending | undefined): void {
    if (last) this.#pending.splice(0, this.#pending.indexOf(last) + 1);
    clearTimeout(this.#patience);
    this.#patience = this.#pending.length > 0 ? this.#expectAcknowledgement() : undefined;
  }

  #expectAcknowledgement(): NodeJS.Timeout {
    const giveUp = () => {
      if (this.#patience === timer) this.#lose()?.conn.close();
    };
    // By way of an immediate: what came in while the process was busy is in time.
    const timer = setTimeout(() => setImmediate(giveUp), ACKNOWLEDGE_PATIENCE).unref();
    return timer;
  }

  /** The socket is away, perhaps for good. Returns it. */
  #lose(): SessionSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    clearTimeout(this.#patience);
    this.#patience = undefined;
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
    clearTimeout(this.#patience);
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
  open(holder: TokenHolder, acknowledges: boolean): Session | undefined {
    const others = this.of(holder.user.id);
    if (others.length >= MAX_SESSIONS) {
      const away = others.find((other) => !other.connected);
      if (!away) return undefined;
      this.end(away.id);
    }
    const drop = () => this.end(session.id);
    const session: Session = new Session(holder, acknowledges, drop, () => this.#breaks(holder.user));
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
