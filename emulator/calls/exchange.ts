import type { Directory, User, WebhookAddress } from '../account.ts';
import type { MediaClock } from '../media/clock.ts';
import type { MediaPeer } from '../media/peer.ts';
import { createRoom } from '../media/room.ts';
import type { Speaker } from '../media/speech.ts';
import { keyTones } from '../media/tones.ts';
import { errorEvent, statusEvent } from '../webhooks/call-events.ts';
import type { EventQueue } from '../webhooks/event-queue.ts';
import { createEventQueue } from '../webhooks/event-queue.ts';
import type { WebhookClient } from '../webhooks/request.ts';
import type { SigningIdentity } from '../webhooks/signature.ts';
import type { World } from '../world.ts';
import type { Conversation } from './conversation.ts';
import { createConversation, isActive } from './conversation.ts';
import type { LegInit, LegObserver } from './leg.ts';
import { Leg } from './leg.ts';
import { watchMedia } from './media-watch.ts';

/** Reaches the pages of an application's users. */
export interface AppPages {
  /** Rings the user of an app leg in each page that is open, and in each that opens while it rings. */
  ring(leg: Leg, user: User): void;
  /** Whether any page got the invitation. */
  wasReached(leg: Leg): boolean;
}

export interface ExchangeParts {
  world: World;
  directory: Directory;
  webhooks: WebhookClient;
  clock: MediaClock;
  speaker: Speaker;
  log: (line: string) => void;
}

export interface DialRequest {
  /** E.164 without `+`. */
  from: string;
  to: string;
  /** The caller's sound; a call without it is silent, and hears nothing. */
  peer?: MediaPeer;
}

export type DialResult = { ok: true; leg: Leg } | { ok: false; code: 'unknown-number'; message: string };

/** How many calls that ended stay listed, and known to pages that ask for them. */
const REMEMBERED = 200;

/** The telephone exchange: every conversation and leg of the platform, and what they tell the application. */
export class Exchange {
  readonly parts: ExchangeParts;
  readonly #conversations = new Map<string, Conversation>();
  readonly #legs = new Map<string, Leg>();
  readonly #queues = new WeakMap<Conversation, EventQueue>();
  readonly #digitListeners = new Set<(leg: Leg, digits: string) => void>();

  constructor(parts: ExchangeParts) {
    this.parts = parts;
  }

  conversation(id: string): Conversation | undefined {
    return this.#conversations.get(id);
  }

  leg(uuid: string): Leg | undefined {
    return this.#legs.get(uuid);
  }

  conversations(): Conversation[] {
    return [...this.#conversations.values()];
  }

  /** A phone calls a number of the platform. The leg exists; nobody has been asked yet what to do with it. */
  dial(request: DialRequest): DialResult {
    const application = this.parts.directory.applicationOf(request.to);
    if (!application) {
      return { ok: false, code: 'unknown-number', message: `The number +${request.to} is not in service.` };
    }
    this.#forgetOldest();
    const conversation = createConversation(application, createRoom(this.parts.clock), this.parts.world);
    this.#conversations.set(conversation.id, conversation);
    const leg = this.addLeg({
      // A phone leg's id has 32 hex digits and no dashes, an app leg's is a UUID.
      uuid: this.parts.world.hex(16),
      conversation,
      direction: 'inbound',
      channel: { type: 'phone', number: request.from },
      from: request.from,
      to: request.to,
    });
    if (request.peer) leg.connectMedia(request.peer);
    return { ok: true, leg };
  }

  /** Adds a leg to a conversation. Its events go to `events`, else to the application's event URL. */
  addLeg(init: Omit<LegInit, 'application' | 'port' | 'world'>, events?: WebhookAddress): Leg {
    const { conversation } = init;
    const { world } = this.parts;
    const leg = new Leg({
      ...init,
      world,
      application: conversation.application,
      port: conversation.room.join(),
    });
    conversation.legs.push(leg);
    this.#legs.set(leg.uuid, leg);
    leg.observe(this.#reporter(events));
    watchMedia(leg);
    return leg;
  }

  /** Tells the application what was wrong with what it answered. */
  reportError(conversation: Conversation, reason: string): void {
    this.parts.log(reason);
    this.#queueOf(conversation).send(
      conversation.application.webhooks.event,
      errorEvent(conversation.id, reason, this.parts.world.now()),
    );
  }

  /** The person on a leg pressed keys. They sound on the phones of the call; other ends are told. */
  press(leg: Leg, digits: string): void {
    for (const other of leg.conversation.legs) {
      if (other !== leg && other.channel.type === 'phone' && !other.end) other.port.play(keyTones(digits));
    }
    for (const listener of this.#digitListeners) listener(leg, digits);
  }

  onDigits(listener: (leg: Leg, digits: string) => void): () => void {
    this.#digitListeners.add(listener);
    return () => this.#digitListeners.delete(listener);
  }

  identityOf(applicationId: string): SigningIdentity {
    const { api_key, signature_secret } = this.parts.directory.credentials;
    return { apiKey: api_key, applicationId, signatureSecret: signature_secret };
  }

  /** Ends every call, and waits until the application has been told. */
  async close(): Promise<void> {
    for (const leg of this.#legs.values()) leg.finish({ cause: 'hung-up-there' });
    await Promise.all(this.conversations().map((conversation) => this.#queueOf(conversation).drained()));
  }

  #reporter(events: WebhookAddress | undefined): LegObserver {
    return {
      status: (leg, status, detail) => {
        // Vonage gives "ringing" and "started" of one leg the same timestamp.
        const now = status === 'ringing' || status === 'started' ? leg.startedAt : leg.world.now();
        const target = events ?? leg.application.webhooks.event;
        this.#queueOf(leg.conversation).send(target, statusEvent(leg.facts(), status, now, detail));
      },
      ended: (leg) => {
        if (!isActive(leg.conversation)) leg.conversation.room.close();
      },
    };
  }

  #queueOf(conversation: Conversation): EventQueue {
    const known = this.#queues.get(conversation);
    if (known) return known;
    const { webhooks, log, world } = this.parts;
    const made = createEventQueue(webhooks, this.identityOf(conversation.application.id), world, log);
    this.#queues.set(conversation, made);
    return made;
  }

  #forgetOldest(): void {
    for (const [id, conversation] of this.#conversations) {
      if (this.#conversations.size <= REMEMBERED) return;
      if (isActive(conversation)) continue;
      this.#conversations.delete(id);
      for (const leg of conversation.legs) this.#legs.delete(leg.uuid);
    }
  }
}
