import type { MediaClock } from '../media/clock.ts';
import type { MediaPeer } from '../media/peer.ts';
import { createRoom } from '../media/room.ts';
import type { Speaker } from '../media/speech.ts';
import { keyTones } from '../media/tones.ts';
import type {
  Application,
  Directory,
  SigningIdentity,
  User,
  WebhookAddress,
} from '../provisioning/account.ts';
import type { LegStatus } from '../webhooks/call-events.ts';
import { errorEvent, statusEvent, transferEvent } from '../webhooks/call-events.ts';
import type { EventQueue } from '../webhooks/event-queue.ts';
import { createEventQueue } from '../webhooks/event-queue.ts';
import type { WebhookClient } from '../webhooks/request.ts';
import type { Payload, WebhookOutcome } from '../webhooks/webhook.ts';
import type { World } from '../world.ts';
import { createHearing, type Heard, type Hearing } from './hearing.ts';
import {
  type Conversation,
  createConversation,
  type Dialled,
  isActive,
  Leg,
  type LegInit,
  type LegObserver,
} from './leg.ts';
import { watchMedia } from './leg-sound.ts';
import { PhoneBook } from './phone-book.ts';

/** Reaches the pages of an application's users. */
export interface AppPages {
  /** Rings the user of an app leg in each page that is open, and in each that opens while it rings. */
  ring(leg: Leg, user: User): void;
  /** The platform muted or earmuffed a leg, or undid it; its pages are notified. */
  audioSwitched(leg: Leg, what: 'mute' | 'earmuff'): void;
}

interface ExchangeParts {
  world: World;
  directory: Directory;
  webhooks: WebhookClient;
  clock: MediaClock;
  speaker: Speaker;
  log: (line: string) => void;
  /** What the sound of a leg between two numbers or users passes on its way; default: nothing. */
  network?: (peer: MediaPeer, from: string | null, to: string) => MediaPeer;
}

/** How far a leg is, in the three steps that the pages of a call are told. */
export type Progress = 'ringing' | 'answered' | 'completed';

/** The last status of a leg is `completed`, or `rejected`. */
const PROGRESS: Partial<Record<LegStatus, Progress>> = {
  ringing: 'ringing',
  answered: 'answered',
  completed: 'completed',
  rejected: 'completed',
};

export interface DialRequest {
  /** E.164 without `+`; null: the caller's number is not shown. */
  from: string | null;
  to: string;
  /** The caller's sound; a call without it is silent, and hears nothing. */
  peer?: MediaPeer;
  /** Through how many applications of the platform the call has come; default: none. */
  hops?: number;
}

/** What becomes of the status events of a leg. */
export interface Reports {
  /** Where they go; without it, to the application's event URL. */
  events?: WebhookAddress;
  /** Gets the application's reply to each; none without a URL to send it to. */
  onReply?: (
    status: LegStatus,
    reply: Promise<WebhookOutcome | undefined>,
    event: { target: WebhookAddress; payload: Payload },
  ) => void;
}

/** Gets what the person on a leg says, or what the platform says to that person, with the milliseconds that it takes. */
export type TextListener = (leg: Leg, text: string, by: 'person' | { platform: number }) => void;

export type DialResult = { ok: true; leg: Leg } | { ok: false; code: 'unknown-number'; message: string };

/** The owner of calls between two phones, which reach no application and send no events. */
export const TELEPHONE_NETWORK: Application = {
  id: 'telephone-network',
  apiKey: '',
  name: 'Telephone network',
  publicKey: '',
  webhooks: {},
};

/** Number of ended calls that stay listed and available to pages. */
const REMEMBERED = 200;

/** The telephone exchange: every conversation and leg of the platform, and what they tell the application. */
export class Exchange {
  readonly parts: ExchangeParts;
  /** The telephones that can be called. */
  readonly phones = new PhoneBook();
  readonly #conversations = new Map<string, Conversation>();
  readonly #legs = new Map<string, Leg>();
  readonly #hearings = new WeakMap<Leg, Hearing>();
  readonly #untold = new Set<Promise<unknown>>();
  readonly #queues = new WeakMap<Conversation, EventQueue>();
  readonly #textListeners = new Set<TextListener>();
  readonly #digitListeners = new Set<(leg: Leg, digits: string) => void>();
  #takeInbound: (leg: Leg) => void = () => {};
  readonly #progressListeners = new Set<(leg: Leg, progress: Progress) => void>();

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

  /** A new conversation of an application; it is over when the last of its legs is. */
  openConversation(application: Application, name?: string): Conversation {
    this.#forgetOldest();
    const room = createRoom(this.parts.clock);
    const conversation = createConversation(application, room, this.parts.world, name);
    this.#conversations.set(conversation.id, conversation);
    room.onChange(() => this.#listen(conversation));
    return conversation;
  }

  /** What a leg has heard since it was answered, oldest first. */
  heard(leg: Leg): Heard[] {
    return this.#hearings.get(leg)?.spans() ?? [];
  }

  /** Where those meet who say the same name: the one of that name that goes on, else a new one. */
  namedConversation(application: Application, name: string): Conversation {
    const known = this.conversations().find(
      (one) => one.application.id === application.id && one.name === name && isActive(one),
    );
    return known ?? this.openConversation(application, name);
  }

  /** Takes a leg into another conversation, and tells the application. */
  transfer(leg: Leg, to: Conversation): void {
    const from = leg.conversation;
    if (leg.end || from === to) return;
    leg.moveTo(to);
    const event = transferEvent(leg.uuid, from.id, to.id, this.parts.world.now());
    this.#queueOf(to).follow(this.#queueOf(from));
    void this.tell(to, leg.application.webhooks.event, event);
    if (!isActive(from)) from.close();
    // The Client SDK still requests a conversation that its leg has just left.
    if (from.legs.length === 0 && leg.channel.type !== 'app') this.#conversations.delete(from.id);
  }

  /** Sends a webhook in its order among those of a conversation. @returns the reply; undefined without a target. */
  tell(
    conversation: Conversation,
    target: WebhookAddress | undefined,
    payload: Payload,
  ): Promise<WebhookOutcome | undefined> {
    return this.untilTold(this.#queueOf(conversation).send(target, payload));
  }

  /** Work that the application is to be told of: `settled` waits for it. */
  untilTold<T>(work: Promise<T>): Promise<T> {
    this.#untold.add(work);
    const done = () => this.#untold.delete(work);
    work.then(done, done);
    return work;
  }

  /** @param take asks the application what to do with a leg that comes in, and has that done */
  onInbound(take: (leg: Leg) => void): void {
    this.#takeInbound = take;
  }

  /** A phone calls a number. */
  dial(request: DialRequest): DialResult {
    const phone = this.phones.at(request.to) && TELEPHONE_NETWORK;
    const application = this.parts.directory.applicationOf(request.to) ?? phone;
    if (!application) {
      return { ok: false, code: 'unknown-number', message: `The number +${request.to} is not in service.` };
    }
    const conversation = this.openConversation(application);
    const leg = this.addLeg({
      // A phone leg's id has 32 hex digits and no dashes, an app leg's is a UUID.
      uuid: this.parts.world.hex(16),
      conversation,
      direction: 'inbound',
      channel: { type: 'phone', number: request.from ?? 'unknown' },
      from: request.from,
      to: request.to,
      ...(request.hops !== undefined && { hops: request.hops }),
    });
    if (request.peer) leg.connectMedia(request.peer);
    this.#takeInbound(leg);
    return { ok: true, leg };
  }

  /**
   * A user of an application calls from a page, whose leg this is. Nobody is asked what to do with it before
   * `takeCallOfUser`.
   * @param uuid of the leg, where the page knows it already
   */
  callFromUser(
    application: Application,
    user: Pick<User, 'name'>,
    dialled: Dialled,
    uuid = this.parts.world.uuid(),
  ): Leg {
    return this.addLeg({
      uuid,
      conversation: this.openConversation(application),
      direction: 'inbound',
      channel: { type: 'app', user: user.name },
      // So Vonage has it: nobody's number calls, and the leg is to the user (its transcript of an app-to-phone call).
      from: null,
      to: user.name,
      dialled,
    });
  }

  /** The page of a user is there: its application is asked what to do with the call. */
  takeCallOfUser(leg: Leg): void {
    this.#takeInbound(leg);
  }

  /** Adds a leg to a conversation. */
  addLeg(init: Omit<LegInit, 'application' | 'port' | 'world' | 'network'>, reports: Reports = {}): Leg {
    const { conversation } = init;
    const { world, network } = this.parts;
    const leg = new Leg({
      ...init,
      ...(network && { network: (peer) => network(peer, init.from, init.to) }),
      world,
      application: conversation.application,
      port: conversation.room.join(init.uuid),
    });
    conversation.legs.push(leg);
    this.#legs.set(leg.uuid, leg);
    this.#hearings.set(leg, createHearing(leg));
    leg.observe(this.#reporter(reports));
    watchMedia(leg);
    return leg;
  }

  /** Tells the application what was wrong with what it answered. */
  reportError(conversation: Conversation, reason: string): void {
    this.parts.log(reason);
    void this.tell(
      conversation,
      conversation.application.webhooks.event,
      errorEvent(conversation.id, reason, this.parts.world.now()),
    );
  }

  /** Reports an internal error of the emulator, and ends the leg. */
  fail(leg: Leg, error: unknown): void {
    this.parts.log(
      `The emulator failed in a call: ${error instanceof Error ? error.message : String(error)}`,
    );
    leg.finish({ cause: 'failed' });
  }

  /** The person on a leg pressed keys: phones hear them, other endpoints are notified. */
  press(leg: Leg, digits: string): void {
    for (const other of leg.conversation.legs) {
      if (other !== leg && other.channel.type === 'phone' && !other.end)
        other.port.play(keyTones(digits), { hears: 'tone' });
    }
    leg.press(digits);
    for (const listener of this.#digitListeners) listener(leg, digits);
  }

  /** The platform presses keys: phones hear them, other endpoints are notified. */
  sendKeys(leg: Leg, digits: string): void {
    if (leg.channel.type === 'phone') leg.port.play(keyTones(digits), { hears: 'tone' });
    leg.sendKeys(digits);
  }

  /** One of an application's numbers, by chance; undefined when it has none. */
  randomNumber(application: Application): string | undefined {
    const numbers = this.parts.directory.numbersOf(application.id);
    return numbers[Math.floor(this.parts.world.random() * numbers.length)];
  }

  onDigits(listener: (leg: Leg, digits: string) => void): () => void {
    this.#digitListeners.add(listener);
    return () => this.#digitListeners.delete(listener);
  }

  /** Calls `fn` when any leg rings, is answered or is over. */
  onProgress(fn: (leg: Leg, progress: Progress) => void): void {
    this.#progressListeners.add(fn);
  }

  onText(listener: TextListener): () => void {
    this.#textListeners.add(listener);
    return () => this.#textListeners.delete(listener);
  }

  /** Who sends an application's webhooks, and with which secret. */
  identityOf(applicationId: string): SigningIdentity {
    return this.parts.directory.signer(applicationId);
  }

  /** Ends every call, and waits until the application has been told. */
  async close(): Promise<void> {
    for (const leg of this.#legs.values()) leg.finish({ cause: 'hung-up-there' });
    await this.settled();
  }

  /** Resolves when the application was told everything so far, or could not be. */
  async settled(): Promise<void> {
    while (this.#untold.size > 0) await Promise.all(this.#untold);
  }

  #reporter({ events, onReply }: Reports): LegObserver {
    return {
      status: (leg, status, detail) => {
        // Vonage gives "ringing" and "started" of one leg the same timestamp.
        const now = status === 'ringing' || status === 'started' ? leg.startedAt : leg.world.now();
        const target = events ?? leg.application.webhooks.event;
        const payload = statusEvent(leg.facts(), status, now, detail);
        const reply = this.tell(leg.conversation, target, payload);
        if (target) onReply?.(status, reply, { target, payload });
        const progress = PROGRESS[status];
        if (progress) this.#tellProgress(leg, progress);
      },
      answered: (leg) => this.#listen(leg.conversation),
      media: (leg) => this.#listen(leg.conversation),
      moved: (leg, from) => {
        this.#listen(from);
        this.#listen(leg.conversation);
      },
      rang: (leg) => this.#tellProgress(leg, 'ringing'),
      said: (leg, text) => {
        for (const listener of this.#textListeners) listener(leg, text, 'person');
        if (!leg.peer) void this.#voice(leg, text);
      },
      spokenTo: (leg, text, duration) => {
        for (const listener of this.#textListeners) listener(leg, text, { platform: duration });
      },
      ended: (leg) => {
        if (!isActive(leg.conversation)) leg.conversation.close();
      },
    };
  }

  /** A person without a device speaks as the platform does. */
  async #voice(leg: Leg, text: string): Promise<void> {
    const { speaker, world } = this.parts;
    leg.sayAloud(await world.trackPending(speaker.speak(text)));
  }

  /** Those in a conversation may hear something else now. */
  #listen(conversation: Conversation): void {
    for (const leg of conversation.legs) this.#hearings.get(leg)?.update();
  }

  #tellProgress(leg: Leg, progress: Progress): void {
    for (const listener of this.#progressListeners) listener(leg, progress);
  }

  #queueOf(conversation: Conversation): EventQueue {
    const known = this.#queues.get(conversation);
    if (known) return known;
    const { webhooks, log, world } = this.parts;
    const identity = () => this.identityOf(conversation.application.id);
    const made = createEventQueue(webhooks, identity, world, log, () => this.#untold.size);
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
