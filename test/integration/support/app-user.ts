import type { MediaPeer } from '../../../emulator/media/peer.ts';
import { answerPeer, offerPeer } from '../../../emulator/media/peer.ts';
import type { PlatformAddress } from './sdk-page.ts';
import { SdkSocket, signToken } from './sdk-page.ts';

/** A page of a user with the Client SDK's protocol and real media, without a browser. */
export class AppUser implements AsyncDisposable {
  readonly name: string;
  readonly socket: SdkSocket;
  readonly #platform: PlatformAddress;
  readonly #token: string;
  #peer: MediaPeer | undefined;

  private constructor(platform: PlatformAddress, name: string, token: string) {
    this.name = name;
    this.#platform = platform;
    this.#token = token;
    this.socket = SdkSocket.open(platform, token);
  }

  static async open(platform: PlatformAddress, name: string): Promise<AppUser> {
    const user = new AppUser(platform, name, await signToken(platform, { sub: name }));
    await user.socket.next('session:success');
    return user;
  }

  /** The invitation that rings here, past or future. */
  async invited() {
    const { cid, body } = await this.socket.next('member:invited');
    const channel = Object(body?.channel);
    return {
      cid: String(cid),
      member: String(body?.member_id),
      leg: String(channel.id),
      offer: String(body?.sdp),
      from: String(Object(channel.from).number),
    };
  }

  /** Answers the call. @returns its audio */
  async answer(): Promise<MediaPeer> {
    const { cid, member, leg, offer } = await this.invited();
    await this.rest('PUT', `/v0.3/conversations/${cid}/members/${member}`, { state: 'joined' });
    const { peer, answer } = await answerPeer(offer);
    this.#peer = peer;
    await this.rest('POST', `/v0.3/conversations/${cid}/rtc/${leg}/answer`, { body: { answer } });
    return peer;
  }

  /** The id of the page's session. */
  async session(): Promise<string> {
    const { body } = await this.socket.next('session:success');
    return String(body?.id);
  }

  /** Offers media for a call, as `serverCall` does first. @returns the leg that the call is to have, and its sound */
  async offer(): Promise<{ leg: string; peer: MediaPeer }> {
    const { peer, offer } = await offerPeer();
    const { body } = await this.rest('POST', '/v0.3/legs', {
      originating_session: await this.session(),
      body: { offer: { type: 'offer', sdp: offer } },
    });
    await peer.accept(String(body.sdp));
    this.#peer = peer;
    return { leg: String(body.rtc_id), peer };
  }

  /** Places a call with media that was offered, as `serverCall` does next. */
  async knock(leg: string, context: Record<string, unknown> = {}) {
    const { to = '' } = context;
    return this.rest('POST', '/v0.3/knocking', {
      originating_session: await this.session(),
      channel: {
        type: 'app',
        to: { type: 'phone', number: to },
        from: { type: 'app', user: this.name },
        id: leg,
      },
      properties: { custom_data: context },
    });
  }

  /** Calls, as `serverCall(context)`, and waits until the call is there. */
  async call(context: Record<string, unknown> = {}) {
    const { leg, peer } = await this.offer();
    await this.knock(leg, context);
    const { cid, body } = await this.socket.next('member:joined');
    return { leg, peer, cid: String(cid), member: String(body?.member_id) };
  }

  /** Rejects while it rings, hangs up afterwards. */
  async leave(query = ''): Promise<void> {
    const { cid, member } = await this.invited();
    await this.rest('DELETE', `/v0.2/conversations/${cid}/members/${member}${query}`);
  }

  /** Ends its audio without a message, like a crashed page. */
  dropMedia(): void {
    this.#peer?.close();
  }

  async rest(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.#platform.url}${path}`, {
      method,
      headers: { authorization: `bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: JSON.parse((await answer.text()) || '{}') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#peer?.close();
    this.socket.close();
  }
}
