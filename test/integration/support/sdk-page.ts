import { createPrivateKey, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { SignJWT } from 'jose';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { Platform } from '../../../emulator/platform.ts';

/** What a page needs to know of a platform. */
export type PlatformAddress = Pick<Platform, 'url' | 'credentials'>;

const ACL = { paths: { '/*/sessions/**': {}, '/*/conversations/**': {}, '/*/users/**': {} } };

/** A token of the platform's application; `sub` is absent in an application token. */
export function signToken(
  platform: PlatformAddress,
  claims: { sub?: string; acl?: unknown; application_id?: string } = {},
  times: { iat?: number; exp?: number } = {},
): Promise<string> {
  const { application_id, private_key } = platform.credentials;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ application_id, ...(claims.sub !== undefined && { acl: ACL }), ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuedAt(times.iat ?? now)
    .setExpirationTime(times.exp ?? now + 900)
    .setJti(randomUUID())
    .sign(createPrivateKey(private_key));
}

/** Creates a user through the Users API, as an application does. */
export async function createUser(platform: PlatformAddress, name: string): Promise<void> {
  const answer = await fetch(`${platform.url}/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await signToken(platform)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (answer.status !== 201) throw new Error(`The user was not created: ${answer.status}`);
}

export interface Heard {
  type: string;
  message: { body?: Record<string, unknown>; cid?: string; from?: string; id?: number };
}

/** The Client SDK's socket connection, to see each message of the platform. */
export class SdkSocket {
  readonly heard: Heard[] = [];
  /** Whether messages are acknowledged, as the SDK does. */
  acknowledges = true;
  readonly #socket: Socket;
  readonly #news = new EventEmitter();

  constructor(platform: PlatformAddress, query: Record<string, string>) {
    this.#socket = io(platform.url, {
      path: '/v2/rtc',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      query,
    });
    this.#socket.onAny((type: string, message: Heard['message'], acknowledge?: () => void) => {
      this.heard.push({ type, message });
      if (this.acknowledges) acknowledge?.();
      this.#news.emit('news');
    });
    this.#socket.on('disconnect', (reason: string) => {
      this.heard.push({ type: `disconnect: ${reason}`, message: {} });
      this.#news.emit('news');
    });
  }

  /** Does what a page does that calls `createSession(token, sessionId?)`. */
  static open(platform: PlatformAddress, token: string, sessionId?: string): SdkSocket {
    return new SdkSocket(platform, {
      token,
      SDK_version: '2.3.1',
      acknowledge_events: 'true',
      ...(sessionId && { session_id: sessionId }),
    });
  }

  /** The first message of a type, past or future; the test's time limit bounds the wait. */
  async next(type: string): Promise<Heard['message']> {
    for (;;) {
      const found = this.heard.find((one) => one.type === type);
      if (found) return found.message;
      await once(this.#news, 'news');
    }
  }

  /** Every message of a type so far. */
  all(type: string): Heard['message'][] {
    return this.heard.filter((one) => one.type === type).map(({ message }) => message);
  }

  send(type: string, message: object): void {
    this.#socket.emit(type, message);
  }

  /** Cuts the connection without a close, as a network does. */
  cut(): void {
    this.#socket.io.engine.close();
  }

  close(): void {
    this.#socket.disconnect();
  }
}
