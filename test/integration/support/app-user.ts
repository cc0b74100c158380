import type { MediaPeer } from '../../../emulator/media/peer.ts';
import { answerPeer } from '../../../emulator/media/peer.ts';
import type { PlatformAddress } from './sdk-page.ts';
import { SdkSocket, signToken } from './sdk-page.ts';

/** A page of a user with the Client SDK's protocol and real media, without a browser. */
export class AppUser implements AsyncDisposable {
  readonly socket: SdkSocket;
  readonly #platform: PlatformAddress;
  readonly #token: string;
  #peer: MediaPeer | undefined;

  private constructor(platform: PlatformAddress, token: string) {
    this.#platform = platform;
    this.#token = token;
    this.socket = SdkSocket.open(platform, token);
  }

  static async open(platform: PlatformAddress, name: string): Promise<AppUser> {
    const user = new AppUser(platform, await signToken(platform, { sub: name }));
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
