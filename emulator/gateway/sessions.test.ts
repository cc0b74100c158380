import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Message, type Session, type SessionSocket, Sessions } from './sessions.ts';
import type { TokenHolder } from './tokens.ts';

const ALICE: TokenHolder = {
  application: { id: 'app', apiKey: 'key', name: 'Test', publicKey: '', webhooks: {} },
  user: { id: 'USR-1', name: 'Alice', createdAt: '2026-01-01T00:00:00.000Z', details: {} },
  expiresAt: Date.parse('2036-01-01'),
};
const SUCCESS = { id: '1' };

/** A page's socket that acknowledges when the test says so. */
class FakeSocket implements SessionSocket {
  readonly got: [type: string, fields: object][] = [];
  readonly #acknowledge: (() => void)[] = [];
  #onDisconnect = () => {};
  isCut = false;
  readonly conn = { close: () => this.cut() };

  emit(type: string, fields: object, onAcknowledged?: () => void): void {
    this.got.push([type, fields]);
    this.#acknowledge.push(onAcknowledged ?? (() => {}));
  }
  once(_event: 'disconnect', fn: () => void): void {
    this.#onDisconnect = fn;
  }
  disconnect(): void {
    this.cut();
  }
  cut(): void {
    this.isCut = true;
    this.#onDisconnect();
  }
  /** Acknowledges the oldest messages. */
  acknowledges(count: number): void {
    for (const acknowledge of this.#acknowledge.splice(0, count)) acknowledge();
  }
}

const message = (id: number): Message => ({ type: 'audio:dtmf', id });
/** What a page that comes back is told that it has missed. */
function missed(session: Session): unknown {
  const socket = new FakeSocket();
  session.attach(socket, SUCCESS);
  return Object(socket.got[0]?.[1]).body.pending_events;
}

function open(acknowledges = true) {
  const session = new Sessions().open(ALICE, acknowledges);
  const socket = new FakeSocket();
  if (!session) throw new Error('There is no room for a session.');
  session.attach(socket, SUCCESS);
  return { session, socket };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a page that acknowledges', () => {
  it('gets unacknowledged messages again, in order, when it reconnects', () => {
    const { session, socket } = open();
    for (const id of [1, 2, 3]) session.send(message(id));
    socket.acknowledges(2);
    socket.cut();
    session.send(message(4));
    expect(missed(session)).toEqual([message(2), message(3), message(4)]);
  });

  it('gets them once more if it is cut off again before it acknowledges them', () => {
    const { session, socket } = open();
    session.send(message(1));
    socket.cut();
    expect(missed(session)).toEqual([message(1)]);
    expect(missed(session)).toEqual([message(1)]);
    const last = new FakeSocket();
    session.attach(last, SUCCESS);
    last.acknowledges(1);
    expect(missed(session)).toBeUndefined();
  });

  it('does not get outdated messages again', () => {
    const { session, socket } = open();
    let rings = true;
    session.send(message(1), () => rings);
    session.send(message(2));
    socket.cut();
    rings = false;
    expect(missed(session)).toEqual([message(2)]);
  });

  it('and falls silent counts as asleep: it is disconnected, and nothing is sent twice', async () => {
    const { session, socket } = open();
    socket.acknowledges(1);
    session.send(message(1));
    await vi.advanceTimersByTimeAsync(10_000);
    session.send(message(2));
    expect(socket.isCut).toBe(false);
    await vi.advanceTimersByTimeAsync(5_001);
    expect(socket.isCut).toBe(true);
    expect(socket.got.map(([type]) => type)).toEqual(['session:success', 'audio:dtmf', 'audio:dtmf']);
    expect(missed(session)).toEqual([message(1), message(2)]);
  });

  it('is left alone while it acknowledges', async () => {
    const { session, socket } = open();
    for (const id of [1, 2, 3]) {
      session.send(message(id));
      await vi.advanceTimersByTimeAsync(10_000);
      socket.acknowledges(1);
    }
    socket.acknowledges(1);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(socket.isCut).toBe(false);
  });
});

describe('a page that does not acknowledge', () => {
  it('gets what was sent while it was away, and nothing waits for it', async () => {
    const { session, socket } = open(false);
    session.send(message(1));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(socket.isCut).toBe(false);
    socket.cut();
    session.send(message(2));
    expect(missed(session)).toEqual([message(2)]);
    expect(missed(session)).toBeUndefined();
  });
});
