import type { Application } from '../account.ts';
import type { MediaPeer, PeerState } from '../media/peer.ts';
import type { Port } from '../media/room.ts';
import type { LegFacts, LegStatus, StatusDetail } from '../webhooks/call-events.ts';
import type { World } from '../world.ts';
import type { Conversation } from './conversation.ts';

/** The other end of a leg: a telephone, a user of an application in the Client SDK, a program's socket … */
export type Channel =
  | { type: 'phone'; number: string }
  | { type: 'app'; user: string }
  | { type: 'websocket'; uri: string }
  | { type: 'sip'; uri: string }
  | { type: 'vbc'; extension: string };

/** Why a leg ended, seen from the leg itself. */
export type EndCause =
  | 'hung-up-here' // the person on this leg hung up
  | 'hung-up-there' // the other person hung up, or the call was over
  | 'rejected'
  | 'busy'
  | 'out-of-service' // nobody has the number
  | 'ring-timeout'
  | 'cancelled' // the caller gave up while this leg rang
  | 'unreachable' // no page of the user, no telephone, no socket was there
  | 'no-media' // joined, but sound never came
  | 'media-lost'
  | 'length-limit'
  | 'machine' // a machine answered a call that is for people
  | 'disconnected' // the program closed its socket
  | 'failed';

export interface LegEnd {
  cause: EndCause;
  /** Reason that the person's device gave (`hangup(id, text, code)`). */
  code?: string;
  text?: string;
  /** How the call ended that this leg was connected to, or what was wrong with the application. */
  because?: EndCause | 'application-error';
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
  port: Port;
  world: World;
  /** What its sound passes on its way; default: nothing. */
  network?: (peer: MediaPeer) => MediaPeer;
}

export interface LegObserver {
  /** A status that Vonage reports by webhook. */
  status?(leg: Leg, status: LegStatus, detail: StatusDetail): void;
  answered?(leg: Leg): void;
  /** The person pressed keys: out of band, or heard as tones. */
  pressed?(leg: Leg, digits: string): void;
  /** The platform sent keys to whoever is on the leg. */
  keysSent?(leg: Leg, digits: string): void;
  /** The person said something that the platform understood. */
  said?(leg: Leg, text: string): void;
  /** It is in another conversation now. */
  moved?(leg: Leg, from: Conversation): void;
  /** Somebody else is in the call. */
  joined?(leg: Leg): void;
  /** Sound is there, was lost, or is back. */
  media?(leg: Leg, state: PeerState): void;
  ended?(leg: Leg, end: LegEnd): void;
}

/** Which status webhooks tell of an end before the answer. The last is `completed`, except after a rejection. */
const END_STATUS: Partial<Record<EndCause, [LegStatus, StatusDetail]>> = {
  rejected: ['rejected', { detail: 'declined', sip_code: 603 }],
  busy: ['busy', { sip_code: 486 }],
  'out-of-service': ['failed', { detail: 'number_out_of_service', sip_code: 404 }],
  'ring-timeout': ['timeout', { sip_code: 480 }],
  cancelled: ['cancelled', { sip_code: 487 }],
  unreachable: ['unanswered', { detail: 'unavailable', sip_code: 480 }],
  'no-media': ['failed', { detail: 'internal_error', sip_code: 500 }],
  failed: ['failed', { detail: 'cannot_route', sip_code: 404 }],
};

/** Ends that the party of the leg brought about itself; all others are the platform's doing. */
const BY_PARTY: ReadonlySet<EndCause> = new Set(['hung-up-here', 'busy', 'disconnected']);

/** What is told of a leg and leaves its status as it is. */
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
  readonly world: World;
  readonly startedAt: number;
  #conversation: Conversation;
  #port: Port;
  /** Who is heard to have picked it up, where machines are looked for. */
  answeredBy: 'human' | 'machine' = 'human';
  #status: LegStatus = 'started';
  #answeredAt: number | undefined;
  #endedAt: number | undefined;
  #end: LegEnd | undefined;
  #peer: MediaPeer | undefined;
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

  /** The leg is picked up. Once; nothing after the end. */
  answer(): void {
    if (this.#answeredAt !== undefined || this.#end) return;
    this.#answeredAt = this.world.now();
    this.report('answered');
    for (const observer of [...this.#observers]) observer.answered?.(this);
  }

  /** Picks the leg up, if that was not done yet, for somebody who has come into the call. */
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

  /** Sends keys to whoever is on the leg. */
  sendKeys(digits: string): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.keysSent?.(this, digits);
  }

  /** The person said something that is known as a text. */
  say(text: string): void {
    if (this.#end) return;
    for (const observer of [...this.#observers]) observer.said?.(this, text);
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
      if (this.#peer !== peer || this.#end) return;
      for (const observer of [...this.#observers]) observer.media?.(this, peer.state);
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
    const told = this.#answeredAt === undefined ? END_STATUS[end.cause] : undefined;
    if (told) this.report(...told);
    else if (end.cause === 'disconnected') this.report('disconnected', { reason: end.text ?? '' });
    if (end.cause !== 'rejected') {
      const disconnected_by = BY_PARTY.has(end.cause) ? 'user' : 'platform';
      this.report('completed', { disconnected_by, sip_code: this.#sipCode(end.cause) });
    }
    this.#over.abort();
    for (const observer of [...this.#observers]) observer.ended?.(this, end);
    this.#observers.clear();
  }

  /** How the end reads in SIP: a leg that was answered ends with a plain goodbye. */
  #sipCode(cause: EndCause): number {
    if (this.#answeredAt !== undefined) return 200;
    return END_STATUS[cause]?.[1].sip_code ?? (cause === 'hung-up-here' ? 487 : 480);
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
