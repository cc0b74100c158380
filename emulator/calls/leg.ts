import type { MediaPeer, PeerState } from '../media/peer.ts';
import type { Port, Room } from '../media/room.ts';
import { queueOfSources, samplesSource } from '../media/source.ts';
import type { Application } from '../provisioning/account.ts';
import type { LegFacts, LegStatus, StatusDetail } from '../webhooks/call-events.ts';
import type { World } from '../world.ts';
import { endReports, type LegEnd } from './leg-end.ts';

/** The other end of a leg: a telephone, a user of an application in the Client SDK, a program's socket … */
export type Channel =
  | { type: 'phone'; number: string }
  | { type: 'app'; user: string }
  | { type: 'websocket'; uri: string }
  | { type: 'sip'; uri: string }
  | { type: 'vbc'; extension: string };

/** What a page gave along with its call, for the answer URL. */
export interface Dialled {
  /** Whom the page wants to reach, in the application's own terms. */
  to?: string;
  customData?: Record<string, unknown>;
}

export interface LegInit {
  uuid: string;
  application: Application;
  conversation: Conversation;
  direction: 'inbound' | 'outbound';
  channel: Channel;
  from: string | null;
  to: string;
  /** Custom headers of the endpoint, which its events repeat. */
  headers?: Record<string, unknown>;
  /** Of a call that a page makes. */
  dialled?: Dialled;
  /** Through how many applications of the platform the call has come. */
  hops?: number;
  port: Port;
  world: World;
  /** What its sound passes on its way; default: nothing. */
  network?: (peer: MediaPeer) => MediaPeer;
}

export interface LegObserver {
  /** A status that Vonage reports by webhook. */
  status?(leg: Leg, status: LegStatus, detail: StatusDetail): void;
  /** It rings at a page of its user. No webhook reports that. */
  rang?(leg: Leg): void;
  answered?(leg: Leg): void;
  /** The person pressed keys: out of band, or heard as tones. */
  pressed?(leg: Leg, digits: string): void;
  /** The platform sent keys to the party on the leg. */
  keysSent?(leg: Leg, digits: string): void;
  /** The person said something that the platform understood. */
  said?(leg: Leg, text: string): void;
  /** The platform says a text to the person. @param duration milliseconds. */
  spokenTo?(leg: Leg, text: string, duration: number): void;
  /** It is in another conversation now. */
  moved?(leg: Leg, from: Conversation): void;
  /** Someone else is in the call. */
  joined?(leg: Leg): void;
  /** Sound is there, was lost, or is back. */
  media?(leg: Leg, state: PeerState): void;
  ended?(leg: Leg, end: LegEnd): void;
}

/** Events of a leg that do not change its status. */
const PASSING: ReadonlySet<LegStatus> = new Set(['human', 'disconnected']);

/** One leg of a call: one party, from the first ring to the end. */
export class Leg {
  readonly uuid: string;
  readonly application: Application;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: Channel;
  readonly from: string | null;
  readonly to: string;
  readonly headers: Record<string, unknown>;
  readonly dialled: Dialled | undefined;
  readonly hops: number;
  readonly world: World;
  readonly startedAt: number;
  #conversation: Conversation;
  #port: Port;
  /** Who is heard to have picked it up, where machines are looked for. */
  answeredBy: 'human' | 'machine' = 'human';
  #status: LegStatus = 'started';
  #rang = false;
  #answeredAt: number | undefined;
  #endedAt: number | undefined;
  #end: LegEnd | undefined;
  #peer: MediaPeer | undefined;
  #media: PeerState | undefined;
  /** What a person without a device is still to say aloud. */
  readonly #speech = queueOfSources();
  readonly #network: (peer: MediaPeer) => MediaPeer;
  readonly #over = new AbortController();
  readonly #observers = new Set<LegObserver>();

  constructor(init: LegInit) {
    this.uuid = init.uuid;
    this.application = init.application;
    this.direction = init.direction;
    this.channel = init.channel;
    this.from = init.from;
    this.to = init.to;
    this.headers = init.headers ?? {};
    this.dialled = init.dialled;
    this.hops = init.hops ?? 0;
    this.world = init.world;
    this.startedAt = init.world.now();
    this.#conversation = init.conversation;
    this.#port = init.port;
    this.#network = init.network ?? ((peer) => peer);
  }

  /** Where it is now; a transfer changes it. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Its place in the room of its conversation; a transfer changes it. */
  get port(): Port {
    return this.#port;
  }

  /** The latest status that was reported. */
  get status(): LegStatus {
    return this.#status;
  }

  /** Whether it rang at a page of its user. */
  get rang(): boolean {
    return this.#rang;
  }

  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  get end(): LegEnd | undefined {
    return this.#end;
  }

  /** Aborted when the leg is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  get peer(): MediaPeer | undefined {
    return this.#peer;
  }

  /** How its sound is; undefined while it never had any. */
  get media(): PeerState | undefined {
    return this.#media;
  }

  /** Its sound is there, was lost, or is back; a leg without a device says so itself. */
  changeMedia(state: PeerState): void {
    if (this.#end) return;
    this.#media = state;
    for (const observer of [...this.#observers]) observer.media?.(this, state);
  }

  /** Adds an observer; returns its undo. */
  observe(observer: LegObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Reports a status that changes nothing else, such as `ringing`. */
  report(status: LegStatus, detail: StatusDetail = {}): void {
    if (!PASSING.has(status)) this.#status = status;
    for (const observer of [...this.#observers]) observer.status?.(this, status, detail);
  }

  /** It rings at a page of its user. Once. */
  ring(): void {
    if (this.#rang || this.#end) return;
    this.#rang = true;
    for (const observer of [...this.#observers]) observer.rang?.(this);
  }

  /** The leg is picked up. Once; nothing after the end. */
  answer(): void {
    if (this.#answeredAt !== undefined || this.#end) return;
    this.#answeredAt = this.world.now();
    this.report('answered');
    for (const observer of [...this.#observers]) observer.answered?.(this);
  }

  /** Answers the leg if nothing has yet: someone has joined the call. */
  join(): void {
    this.answer();
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.joined?.(this);
  }

  /** The person pressed keys. */
  press(digits: string): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.pressed?.(this, digits);
  }

  /** Sends keys to the party on the leg. */
  sendKeys(digits: string): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.keysSent?.(this, digits);
  }

  /** The person said something that is known as a text. */
  say(text: string): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.said?.(this, text);
  }

  /** Gives a person without a device a voice: says this aloud, after what is still being said. */
  sayAloud(samples: Int16Array): void {
    if (this.#end || this.#peer) return;
    const isSpeaking = this.#speech.left > 0;
    this.#speech.add(samplesSource(samples));
    if (!isSpeaking) this.#port.say(this.#speech);
  }

  /** The platform says a text to the person, which takes `duration` milliseconds. */
  speakTo(text: string, duration: number): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.spokenTo?.(this, text, duration);
  }

  /** Takes the leg, with its sound, into another conversation. What is played to it stops. */
  moveTo(conversation: Conversation): void {
    const from = this.#conversation;
    if (this.#end || from === conversation) return;
    const { muted, earmuffed } = this.#port;
    this.#port.leave();
    this.#port = conversation.room.join(this.uuid);
    this.#port.muted = muted;
    this.#port.earmuffed = earmuffed;
    if (this.#peer) this.#port.attach(this.#peer);
    if (this.#speech.left > 0) this.#port.say(this.#speech);
    from.legs.splice(from.legs.indexOf(this), 1);
    from.movedOn.push(this);
    conversation.legs.push(this);
    this.#conversation = conversation;
    for (const observer of [...this.#observers]) observer.moved?.(this, from);
  }

  /** Gives the leg its sound; an earlier connection of the same leg is closed. */
  connectMedia(ownPeer: MediaPeer): void {
    if (this.#end) {
      ownPeer.close();
      return;
    }
    const peer = this.#network(ownPeer);
    const earlier = this.#peer;
    this.#peer = peer;
    this.port.attach(peer);
    earlier?.close();
    const tell = () => {
      if (this.#peer === peer) this.changeMedia(peer.state);
    };
    peer.onState(tell);
    tell();
  }

  /** Ends the leg. The first end counts. */
  finish(end: LegEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#endedAt = this.world.now();
    this.port.leave();
    this.#peer?.close();
    for (const [status, detail] of endReports(end, this.#answeredAt !== undefined))
      this.report(status, detail);
    this.#over.abort();
    for (const observer of [...this.#observers]) observer.ended?.(this, end);
    this.#observers.clear();
  }

  /** What the event webhooks say about this leg. */
  facts(): LegFacts {
    return {
      from: this.from,
      to: this.to,
      uuid: this.uuid,
      conversationUuid: this.conversation.id,
      direction: this.direction,
      channel: this.channel.type,
      headers: this.headers,
      startedAt: this.startedAt,
      answeredAt: this.#answeredAt,
      endedAt: this.#endedAt,
    };
  }
}

/** What holds the legs of a call together: one room of sound, one count of events. */
export interface Conversation {
  /** `CON-` and a UUID. */
  readonly id: string;
  readonly name: string;
  readonly application: Application;
  readonly createdAt: string;
  readonly room: Room;
  /** All that are or were in it, and were not moved away. */
  readonly legs: Leg[];
  /** Those that were moved away. */
  readonly movedOn: Leg[];
  /** Whether its members hear each other; one that has a name waits for a member who begins it. */
  readonly begun: boolean;
  begin(): void;
  /** Calls `fn` when it begins. */
  onBegun(fn: () => void): void;
  /** Aborted when it is over. */
  readonly over: AbortSignal;
  /** Nobody is in it any more. */
  close(): void;
  /** Number of the next event for the Client SDK: counts up within the conversation. */
  nextEventId(): number;
}

/** @param name how an application calls it, by the `conversation` action; an ordinary call has a name of no use. */
export function createConversation(
  application: Application,
  room: Room,
  world: World,
  name?: string,
): Conversation {
  let events = 0;
  let onBegun: (() => void)[] = [];
  const over = new AbortController();
  room.held = name !== undefined;
  return {
    id: `CON-${world.uuid()}`,
    name: name ?? `NAM-${world.uuid()}`,
    application,
    createdAt: new Date(world.now()).toISOString(),
    room,
    legs: [],
    movedOn: [],
    get begun() {
      return !room.held;
    },
    begin() {
      room.held = false;
      for (const fn of onBegun) fn();
      onBegun = [];
    },
    onBegun(fn) {
      onBegun.push(fn);
    },
    over: over.signal,
    close() {
      room.close();
      over.abort();
    },
    nextEventId() {
      events += 1;
      return events;
    },
  };
}

/** Those who are in it now. */
export function liveLegs(conversation: Conversation): Leg[] {
  return conversation.legs.filter((leg) => !leg.end);
}

/** Whether anyone is still in it. */
export function isActive(conversation: Conversation): boolean {
  return conversation.legs.some((leg) => !leg.end);
}
