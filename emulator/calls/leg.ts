import type { Application } from '../account.ts';
import type { MediaPeer, PeerState } from '../media/peer.ts';
import type { Port } from '../media/room.ts';
import type { LegFacts, LegStatus, StatusDetail } from '../webhooks/call-events.ts';
import type { World } from '../world.ts';
import type { Conversation } from './conversation.ts';

/** The other end of a leg: a telephone, or a user of an application in the Client SDK. */
export type Channel = { type: 'phone'; number: string } | { type: 'app'; user: string };

/** Why a leg ended, seen from the leg itself. */
export type EndCause =
  | 'hung-up-here' // the person on this leg hung up
  | 'hung-up-there' // the other person hung up, or the call was over
  | 'rejected'
  | 'ring-timeout'
  | 'cancelled' // the caller gave up while this leg rang
  | 'unreachable' // no page of the user was there
  | 'no-media' // joined, but sound never came
  | 'media-lost'
  | 'length-limit'
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
  port: Port;
  world: World;
}

export interface LegObserver {
  /** A status that Vonage reports by webhook. */
  status?(leg: Leg, status: LegStatus, detail: StatusDetail): void;
  answered?(leg: Leg): void;
  /** Somebody else is in the call. */
  joined?(leg: Leg): void;
  /** Sound is there, was lost, or is back. */
  media?(leg: Leg, state: PeerState): void;
  ended?(leg: Leg, end: LegEnd): void;
}

/** Which status webhooks tell of an end. The last is `completed`, except after a rejection. */
const END_STATUS: Partial<Record<EndCause, [LegStatus, StatusDetail]>> = {
  rejected: ['rejected', { detail: 'declined', sip_code: 603 }],
  'ring-timeout': ['timeout', { sip_code: 480 }],
  cancelled: ['cancelled', { sip_code: 487 }],
  unreachable: ['unanswered', { detail: 'unavailable', sip_code: 480 }],
  'no-media': ['failed', { detail: 'internal_error', sip_code: 500 }],
  failed: ['failed', { detail: 'cannot_route', sip_code: 404 }],
};

/** One leg of a call: one party, from the first ring to the end. */
export class Leg {
  readonly uuid: string;
  readonly application: Application;
  readonly conversation: Conversation;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: Channel;
  readonly from: string | null;
  readonly to: string;
  readonly port: Port;
  readonly world: World;
  readonly startedAt: number;
  #status: LegStatus = 'started';
  #answeredAt: number | undefined;
  #endedAt: number | undefined;
  #end: LegEnd | undefined;
  #peer: MediaPeer | undefined;
  readonly #over = new AbortController();
  readonly #observers = new Set<LegObserver>();

  constructor(init: LegInit) {
    this.uuid = init.uuid;
    this.application = init.application;
    this.conversation = init.conversation;
    this.direction = init.direction;
    this.channel = init.channel;
    this.from = init.from;
    this.to = init.to;
    this.port = init.port;
    this.world = init.world;
    this.startedAt = init.world.now();
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
    this.#status = status;
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

  /** Gives the leg its sound; an earlier connection of the same leg is closed. */
  connectMedia(peer: MediaPeer): void {
    if (this.#end) {
      peer.close();
      return;
    }
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
    if (end.cause !== 'rejected') this.report('completed');
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
      startedAt: this.startedAt,
      answeredAt: this.#answeredAt,
      endedAt: this.#endedAt,
    };
  }
}
