import { io, type Socket } from 'socket.io-client';
import { expect } from 'vitest';
import { type OfferingPeer, offerPeer } from '../../../emulator/media/peer.ts';
import type {
  AnswerReply,
  CallUpdate,
  DialReply,
  IncomingRing,
  PhoneToServer,
  Reply,
  ServerToPhone,
  Welcome,
} from '../../../emulator/phone/protocol.ts';
import { PHONE_SOCKET_PATH } from '../../../emulator/phone/protocol.ts';

/** The phone page as the platform sees it: a socket, and audio if a test needs it. */
export class PhonePage implements Disposable {
  readonly socket: Socket<ServerToPhone, PhoneToServer>;
  readonly rings: IncomingRing[] = [];
  readonly updates: CallUpdate[] = [];
  /** Set when the page is open. */
  welcome: Welcome | undefined;
  #peer: OfferingPeer | undefined;

  private constructor(url: string) {
    this.socket = io(url, { path: PHONE_SOCKET_PATH, transports: ['websocket'], forceNew: true });
    this.socket.on('welcome', (welcome) => {
      this.welcome = welcome;
    });
    this.socket.on('ring', (ring) => this.rings.push(ring));
    this.socket.on('call', (update) => this.updates.push(update));
  }

  /** @param number its own number, on which it rings; null: none */
  static async open(url: string, number: string | null): Promise<PhonePage> {
    const page = new PhonePage(url);
    expect(await page.register(number)).toEqual({ ok: true });
    return page;
  }

  register(number: string | null): Promise<Reply> {
    return this.socket.emitWithAck('register', { number });
  }

  /** Waits until the latest call rings, and resolves with it. */
  async rung(count = 1): Promise<IncomingRing> {
    await expect.poll(() => this.rings.length, { timeout: 10_000 }).toBe(count);
    const ring = this.rings.at(-1);
    if (!ring) throw new Error('Nothing rings.');
    return ring;
  }

  /** Dials with audio. */
  async dialAloud(from: string, to: string): Promise<OfferingPeer> {
    const { peer, offer } = await offerPeer();
    this.#peer = peer;
    const reply: DialReply = await this.socket.emitWithAck('dial', { from, to, offer });
    if (!reply.ok || reply.answer === undefined) throw new Error('The call was not taken with sound.');
    await peer.accept(reply.answer);
    return peer;
  }

  /** Answers without audio. */
  answer(uuid: string): Promise<AnswerReply> {
    return this.socket.emitWithAck('answer', { uuid });
  }

  /** Answers with audio, and waits until it is connected. */
  async answerAloud(uuid: string): Promise<OfferingPeer> {
    const { peer, offer } = await offerPeer();
    this.#peer = peer;
    const reply: AnswerReply = await this.socket.emitWithAck('answer', { uuid, offer });
    if (!reply.ok || reply.answer === undefined) throw new Error('The call was not answered with sound.');
    await peer.accept(reply.answer);
    await expect.poll(() => peer.state, { timeout: 10_000 }).toBe('connected');
    return peer;
  }

  reject(uuid: string, busy = false): Promise<Reply> {
    return this.socket.emitWithAck('reject', { uuid, busy });
  }

  hangUp(uuid: string): Promise<Reply> {
    return this.socket.emitWithAck('hangup', { uuid });
  }

  press(uuid: string, digits: string): Promise<Reply> {
    return this.socket.emitWithAck('dtmf', { uuid, digits });
  }

  say(uuid: string, text: string): Promise<Reply> {
    return this.socket.emitWithAck('say', { uuid, text });
  }

  /** Waits until the page learns that a call is over; resolves with the reason. */
  async ended(uuid: string): Promise<string | undefined> {
    const end = () => this.updates.find((update) => update.uuid === uuid && update.status === 'ended');
    await expect.poll(end, { timeout: 10_000 }).toBeDefined();
    return end()?.reason;
  }

  /** Disconnects for good, like a closed page. */
  leave(): void {
    this.socket.io.reconnection(false);
    this.socket.io.engine.close();
  }

  /** Cuts the connection, as a network does; it reconnects on its own. */
  cut(): void {
    this.socket.io.engine.close();
  }

  /** Waits until a cut connection is back, and returns whether the platform still knows the page. */
  async isRemembered(): Promise<boolean> {
    await expect.poll(() => this.socket.connected, { timeout: 10_000 }).toBe(true);
    return this.socket.recovered;
  }

  [Symbol.dispose](): void {
    this.#peer?.close();
    this.socket.disconnect();
  }
}
