import { randomUUID } from 'node:crypto';
import { nameOf } from '../calls/endpoint.ts';
import type { AppPages, Exchange, Progress } from '../calls/exchange.ts';
import type { Conversation, Dialled, Leg } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import { answerPeer, type MediaPeer, type OfferingPeer, offerPeer } from '../media/peer.ts';
import { samplesSource } from '../media/source.ts';
import type { Speaker } from '../media/speech.ts';
import type { User } from '../provisioning/account.ts';
import { createSemaphore } from '../semaphore.ts';
import {
  audioSwitched,
  digitsPressed,
  legOver,
  legProgress,
  type Member,
  memberInvited,
  memberJoined,
  rtcAnswer,
  rtcTransfer,
  textSaid,
} from './messages.ts';
import type { Message, Session, Sessions } from './sessions.ts';
import type { TokenHolder } from './tokens.ts';

/** The user of a page that calls, and the application. */
type Caller = Pick<TokenHolder, 'application' | 'user'>;

/** An error of the REST half, with a code of Vonage's Conversation API. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  /** What is wrong with the body, by the names of its fields. */
  readonly invalid: readonly { name: string; reason: string }[];

  constructor(status: number, code: string, detail: string, invalid: HttpError['invalid'] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.invalid = invalid;
  }
}

/**
 * Milliseconds after joining within which a page must send its half of the media (a refused microphone never does),
 * and after its media within which it must place its call. The SDK waits as long for the call.
 */
const MEDIA_PATIENCE = 10_000;
/** Milliseconds by which a page's own answer must precede the news of it: the SDK takes the later for another page's. */
const AFTER_ANSWER = 40;

/**
 * Calls whose sound is carried at once; with more the process would run out of file descriptors, of which each takes
 * about 50. Further calls wait, as in a queue: they ring when another is over.
 */
const MOST_CONNECTIONS = 100;

/** A leg of a user of the application, as the user's pages see it. */
interface AppCall {
  leg: Leg;
  /** In the conversation where the leg is now. */
  member: Member;
  /** The ids of the member in all conversations that the leg was in: a request may cross a transfer. */
  memberIds: Set<string>;
  /** The platform's half of the media, from the first invitation on. */
  peer: OfferingPeer | undefined;
  invitation: Promise<Message | undefined> | undefined;
  joined: boolean;
  /** Gives back its place among the calls with sound. */
  leave: (() => void) | undefined;
  /** Undoes the wait for the page's half of the media. */
  settle: (() => void) | undefined;
}

/** The media of a page that is about to call somebody. */
interface Offered {
  user: User;
  peer: MediaPeer;
  leave: () => void;
  /** Undoes the wait for the call. */
  settle: () => void;
}

/** Carries calls to the pages of users and back: invite, join, media, mute, keys, hang up. */
export class AppCalls implements AppPages {
  readonly #exchange: Exchange;
  readonly #sessions: Sessions;
  readonly #calls = new Map<Leg, AppCall>();
  readonly #offered = new Map<string, Offered>();
  /** Calls that pages make, by the ids under which they may be given up. */
  readonly #knocks = new Map<string, Leg>();
  readonly #progress = new WeakMap<Leg, { status: Progress; date: string }[]>();
  readonly #connections = createSemaphore({ most: MOST_CONNECTIONS });

  constructor(exchange: Exchange, sessions: Sessions) {
    this.#exchange = exchange;
    this.#sessions = sessions;
    exchange.onDigits((leg, digits) => this.#passDigits(leg, digits));
    exchange.onProgress((leg, progress) => this.#passProgress(leg, progress));
  }

  ring(leg: Leg, user: User): void {
    void this.#deliver(this.#follow(leg, user), this.#sessions.of(user.id));
  }

  /** Answers the media of a page that is about to call somebody, whose leg this is to be. */
  async offer(user: User, sdp: string): Promise<{ leg: string; answer: string }> {
    const { world } = this.#exchange.parts;
    const leave = await this.#placeInTime();
    const { peer, answer } = await answerPeer(sdp).catch((error: unknown) => {
      leave();
      throw new HttpError(400, 'rtc:error:invalid-sdp', messageOf(error));
    });
    const id = world.uuid();
    const settle = world.after(MEDIA_PATIENCE, () => {
      this.#offered.delete(id);
      peer.close();
      leave();
    });
    this.#offered.set(id, { user, peer, leave, settle });
    return { leg: id, answer };
  }

  /**
   * A page calls, with the media that it has offered. It has joined as soon as it knows of the call: the SDK gives a
   * call up that is not joined within 10 s of its media, and an answer URL may take longer.
   * @returns the id under which the call can be given up until then
   */
  knock(id: string, { application, user }: Caller, dialled: Dialled): string {
    const offered = this.#offered.get(id);
    if (offered?.user.id !== user.id) throw new HttpError(404, 'leg:error:not-found', 'No such leg.');
    this.#offered.delete(id);
    offered.settle();
    const leg = this.#exchange.callFromUser(application, user, dialled, id);
    const call = this.#follow(leg, user);
    call.leave = offered.leave;
    leg.connectMedia(offered.peer);
    const knock = leg.world.uuid();
    this.#knocks.set(knock, leg);
    leg.observe({ ended: () => this.#knocks.delete(knock) });
    this.#later(() => {
      if (leg.end) return;
      call.joined = true;
      this.#tell(call, memberJoined(leg, call.member, knock));
      this.#exchange.takeCallOfUser(leg);
    });
    return `knocker:${knock}`;
  }

  /** The page gives its call up before it has joined. */
  giveUp(knock: string, user: User): void {
    const leg = this.#knocks.get(knock);
    if (!leg || this.#calls.get(leg)?.member.user.id !== user.id)
      throw new HttpError(404, 'knocking:error:not-found', 'No such call that waits to be joined.');
    leg.finish({ cause: 'hung-up-here' });
  }

  /** The user's own live leg that is or was in a conversation: the one that is named, where there are several. */
  legOf(
    conversation: Conversation,
    user: User,
    { member, leg }: { member?: string; leg?: string } = {},
  ): Leg {
    const own = [...conversation.legs, ...conversation.movedOn].filter(
      (one) => !one.end && this.#calls.get(one)?.member.user.id === user.id,
    );
    const named = own.filter(
      (one) =>
        (leg === undefined || one.uuid === leg) &&
        (member === undefined || this.#calls.get(one)?.memberIds.has(member)),
    );
    const found = named.find((one) => this.isJoined(one)) ?? named[0];
    if (found) return found;
    const detail = own.length > 0 ? 'No such member.' : 'You are not in this conversation.';
    throw new HttpError(404, 'conversation:error:member-not-found', detail);
  }

  audioSwitched(leg: Leg, what: 'mute' | 'earmuff'): void {
    const call = this.#calls.get(leg);
    const on = what === 'mute' ? leg.port.muted : leg.port.earmuffed;
    if (call) this.#tell(call, audioSwitched(what, on, leg, call.member));
  }

  /** A page was opened: whatever rings for its user rings there too. */
  welcome(session: Session): void {
    for (const call of this.#calls.values()) {
      const isCalled = call.leg.direction === 'outbound' && call.member.user.id === session.holder.user.id;
      if (isCalled) void this.#deliver(call, [session]);
    }
  }

  /** First half of answering: this page takes the call. */
  join(leg: Leg, user: User): Member {
    const call = this.#callOf(leg, user);
    if (!call.invitation)
      throw new HttpError(400, 'conversation:error:invalid-member-state', 'The call was taken already.');
    call.invitation = undefined;
    call.joined = true;
    call.settle = leg.world.after(MEDIA_PATIENCE, () => leg.finish({ cause: 'no-media' }));
    const { member } = call;
    this.#later(() => this.#tell(call, memberJoined(leg, member)));
    return member;
  }

  /** Second half of answering: the page's half of the media. */
  async answer(leg: Leg, user: User, sdp: string): Promise<void> {
    const call = this.#callOf(leg, user);
    const { peer } = call;
    if (!call.joined || !peer || leg.peer) {
      throw new HttpError(400, 'rtc:error:invalid-state', 'This leg expects no answer.');
    }
    leg.connectMedia(peer);
    try {
      await peer.accept(sdp);
    } catch (error) {
      throw new HttpError(400, 'rtc:error:invalid-sdp', messageOf(error));
    }
    call.settle?.();
    leg.answer();
  }

  /** A page whose media broke, or that was reloaded, offers new media for the same leg. */
  async renew(leg: Leg, user: User, session: Session | undefined, sdp: string): Promise<void> {
    const call = this.#callOf(leg, user);
    if (leg.answeredAt === undefined)
      throw new HttpError(400, 'rtc:error:invalid-state', 'This leg was not answered.');
    const { peer, answer } = await answerPeer(sdp).catch((error: unknown) => {
      throw new HttpError(400, 'rtc:error:invalid-sdp', messageOf(error));
    });
    leg.connectMedia(peer);
    this.#later(() => {
      for (const page of session ? [session] : this.#sessions.of(call.member.user.id))
        page.send(rtcAnswer(leg, answer));
    });
  }

  /** Hangs up, or rejects while it rings. */
  leave(leg: Leg, user: User, reason: { code?: string; text?: string }): void {
    const call = this.#callOf(leg, user);
    const end: LegEnd = { ...reason, cause: call.joined ? 'hung-up-here' : 'rejected' };
    this.#later(() => leg.finish(end));
  }

  switchAudio(what: 'mute' | 'earmuff', on: boolean, leg: Leg, user: User): number {
    const call = this.#callOf(leg, user);
    if (what === 'mute') leg.port.muted = on;
    else leg.port.earmuffed = on;
    const message = audioSwitched(what, on, leg, call.member);
    this.#later(() => this.#tell(call, message));
    return message.id;
  }

  press(leg: Leg, user: User, digits: string): number {
    const call = this.#callOf(leg, user);
    const message = digitsPressed(leg, digits, call.member);
    this.#later(() => this.#tell(call, message));
    this.#exchange.press(leg, digits);
    return message.id;
  }

  memberOf(leg: Leg, user: User): Member {
    return this.#callOf(leg, user).member;
  }

  isJoined(leg: Leg): boolean {
    return (this.#calls.get(leg)?.joined ?? false) && !leg.end;
  }

  /** Tells all pages of a leg's user. */
  announce(leg: Leg, message: Message): void {
    const call = this.#calls.get(leg);
    if (call) this.#tell(call, message);
  }

  async #deliver(call: AppCall, pages: Session[]): Promise<void> {
    if (pages.length === 0 || call.joined) return;
    try {
      call.invitation ??= this.#invite(call);
      const invitation = await call.invitation;
      if (!invitation || call.joined || call.leg.end) return;
      for (const page of pages) {
        page.send(invitation, () => !call.joined && !call.leg.end);
        if (page.connected) call.leg.ring();
      }
    } catch (error) {
      const { leg } = call;
      this.#exchange.reportError(
        leg.conversation,
        `The platform could not ring ${leg.to}: ${messageOf(error)}`,
      );
      leg.finish({ cause: 'failed' });
    }
  }

  /** Made for the first page that is there. @returns undefined when the call was over before there was a place */
  async #invite(call: AppCall): Promise<Message | undefined> {
    const leave = await this.#connections.acquire();
    if (call.leg.end) {
      leave();
      return undefined;
    }
    call.leave = leave;
    const { peer, offer } = await offerPeer();
    call.peer = peer;
    if (call.leg.end) peer.close();
    return memberInvited(call.leg, call.member, this.#callerOf(call.leg), offer);
  }

  /** Who calls, as the SDK has it: a user of the application, or a number. */
  #callerOf({ from, application }: Leg) {
    const user =
      from === null ? undefined : this.#exchange.parts.directory.users(application.id).byName(from);
    return user ? { type: 'app', user: user.name } : { type: 'phone', number: from ?? 'unknown' };
  }

  #follow(leg: Leg, user: User): AppCall {
    const member = { id: `MEM-${leg.world.uuid()}`, user: { id: user.id, name: user.name } };
    const call: AppCall = {
      leg,
      member,
      memberIds: new Set([member.id]),
      peer: undefined,
      invitation: undefined,
      joined: false,
      leave: undefined,
      settle: undefined,
    };
    this.#calls.set(leg, call);
    leg.observe({
      keysSent: (_leg, digits) => this.#tell(call, digitsPressed(leg, digits)),
      moved: (_leg, from) => this.#move(call, from),
      ended: (_leg, end) => this.#finish(call, end),
    });
    return call;
  }

  /** A place among the calls with sound, or an error when there is none as long as a page waits for it. */
  async #placeInTime(): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    let isLate = false;
    const cancel = this.#exchange.parts.world.after(MEDIA_PATIENCE, () => {
      isLate = true;
      reject(
        new HttpError(503, 'rtc:error:capacity', `More than ${MOST_CONNECTIONS} calls have sound already.`),
      );
    });
    void this.#connections.acquire().then((leave) => {
      cancel();
      if (isLate) leave();
      else resolve(leave);
    });
    return promise;
  }

  /** In another conversation the user is another member: the pages address the leg by both from now on. */
  #move(call: AppCall, from: Conversation): void {
    const earlier = call.member;
    call.member = { ...earlier, id: `MEM-${call.leg.world.uuid()}` };
    call.memberIds.add(call.member.id);
    this.#tell(call, rtcTransfer(call.leg, call.member, earlier, from));
  }

  #finish(call: AppCall, end: LegEnd): void {
    call.settle?.();
    call.leave?.();
    call.peer?.close();
    for (const message of legOver(call.leg, call.member, end)) this.#tell(call, message);
    this.#calls.delete(call.leg);
  }

  #tell(call: AppCall, message: Message): void {
    for (const page of this.#sessions.of(call.member.user.id)) page.send(message);
  }

  #passDigits(sender: Leg, digits: string): void {
    for (const leg of sender.conversation.legs) {
      if (leg !== sender) this.announce(leg, digitsPressed(sender, digits));
    }
  }

  /** Tells the others in a call how far a leg is; of the leg itself its own pages know more. */
  #passProgress(leg: Leg, status: Progress): void {
    const history = this.#progress.get(leg) ?? [];
    this.#progress.set(leg, history);
    history.push({ status, date: new Date(leg.world.now()).toISOString() });
    for (const other of leg.conversation.legs) {
      const call = this.#calls.get(other);
      if (other !== leg && call?.joined) this.#tell(call, legProgress(leg, this.#partyOn(leg), history));
    }
  }

  /** Who is on a leg: a user of the application, or nobody that has an account. */
  #partyOn(leg: Leg): Member['user'] {
    const { channel, application } = leg;
    const user =
      channel.type === 'app'
        ? this.#exchange.parts.directory.users(application.id).byName(channel.user)
        : undefined;
    return user ? { id: user.id, name: user.name } : { id: `USR-${leg.uuid}`, name: nameOf(channel) };
  }

  #callOf(leg: Leg, user: User): AppCall {
    const call = this.#calls.get(leg);
    if (!call || call.member.user.id !== user.id) {
      throw new HttpError(404, 'conversation:error:member-not-found', 'No such member in this conversation.');
    }
    return call;
  }

  #later(action: () => void): void {
    this.#exchange.parts.world.after(AFTER_ANSWER, action);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `say` of the Client SDK: speaks a text to everybody in the call. @returns the answer that the SDK expects. */
export function say(
  leg: Leg,
  member: Member,
  request: { text: string; level?: number | undefined; loop?: number | undefined },
  speaker: Speaker,
  calls: AppCalls,
) {
  const body = {
    say_id: randomUUID(),
    text: request.text,
    level: request.level ?? 1,
    loop: request.loop ?? 1,
  };
  const message = textSaid('audio:say', leg, member, body);
  calls.announce(leg, message);
  const speak = async () => {
    const samples = await speaker.speak(body.text);
    if (leg.end) return;
    const said = { hears: 'text', text: body.text } as const;
    await leg.conversation.room.play(samplesSource(samples, { loop: body.loop }), said).ended;
    calls.announce(leg, textSaid('audio:say:done', leg, member, { say_id: body.say_id }));
  };
  void speak();
  return { id: message.id, type: message.type, timestamp: message.timestamp, body };
}
