import { createServer } from 'node:http';
import { Vonage } from '@vonage/server-sdk';
import { expect } from 'vitest';
import type { PhoneRule } from '../../../emulator/headless/phone.ts';
import { listen } from '../../../emulator/listen.ts';
import { writeWav } from '../../../emulator/media/wav.ts';
import type { Platform, PlatformOptions } from '../../../emulator/platform.ts';
import { createPlatform } from '../../../emulator/platform.ts';
import type { Application, Ncco } from './application.ts';
import { startApplication } from './application.ts';
import { signToken } from './sdk-page.ts';

/** The application's number. */
export const NUMBER = '442038297050';
export const FROM = { type: 'phone', number: NUMBER } as const;
/** Keeps a call up until someone ends it. */
export const STAY: Ncco = [{ action: 'wait', timeout: 600 }];

/** A platform, an application with its server SDK, and scripted phones. */
export class VoiceScene implements AsyncDisposable {
  readonly application: Application;
  readonly platform: Platform;
  readonly voice: Vonage['voice'];
  /** The platform's log. */
  readonly log: string[];
  #phones = 0;

  private constructor(application: Application, platform: Platform, log: string[]) {
    this.application = application;
    this.platform = platform;
    this.log = log;
    const { application_id: applicationId, private_key: privateKey } = platform.credentials;
    this.voice = new Vonage({ applicationId, privateKey }, { apiHost: platform.url }).voice;
  }

  /** @param ncco the answer URL's response */
  static async start(ncco: Ncco = STAY, options: PlatformOptions = {}): Promise<VoiceScene> {
    const log: string[] = [];
    const application = await startApplication(ncco);
    const platform = await createPlatform({
      number: NUMBER,
      answerUrl: application.answerUrl,
      eventUrl: application.eventUrl,
      limits: false,
      log: (line) => log.push(line),
      ...options,
    });
    return new VoiceScene(application, platform, log);
  }

  /** Adds a phone to the network. @returns its number, a new one each time */
  phone(rule: PhoneRule = { does: 'answer' }): string {
    this.#phones += 1;
    return this.platform.phone(String(447700900100 + this.#phones), rule).number;
  }

  /** A request to `/v1/calls…` with the application's token, or with another. */
  async request(method: string, path = '', body?: unknown, token?: string) {
    const answer = await fetch(`${this.platform.url}/v1/calls${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token ?? (await signToken(this.platform))}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: JSON.parse((await answer.text()) || '{}') };
  }

  /** Calls an endpoint, with an NCCO that keeps the call up. @returns the leg. */
  async call(to: object, more: object = {}): Promise<string> {
    const answer = await this.request('POST', '', { to: [to], from: FROM, ncco: STAY, ...more });
    expect(answer).toMatchObject({ status: 201, body: { status: 'started', direction: 'outbound' } });
    return String(answer.body.uuid);
  }

  /** A call that a phone has answered. */
  async answeredCall(more: object = {}): Promise<string> {
    const uuid = await this.call({ type: 'phone', number: this.phone() }, more);
    await this.reaches(uuid, 'answered');
    return uuid;
  }

  /** The events of a leg, by its ID or by whom it calls. */
  events(leg: string): Record<string, unknown>[] {
    return this.application.events.filter((one) => [one.uuid, one.call_uuid, one.to].includes(leg));
  }

  statuses(leg: string): unknown[] {
    return this.events(leg).flatMap((one) => one.status ?? []);
  }

  async reaches(leg: string, status: string): Promise<void> {
    await expect.poll(() => this.statuses(leg), { timeout: 10_000, interval: 20 }).toContain(status);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform.close();
    await this.application[Symbol.asyncDispose]();
  }
}

/** Serves one second of a tone as a wav file. */
export async function serveTone(): Promise<{ url: string; asked: () => number } & AsyncDisposable> {
  let asked = 0;
  const tone = new Int16Array(8000).map((_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / 8000));
  const http = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'audio/wav').end(writeWav([tone], 8000, 1));
  });
  const url = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}/tone.wav`;
  return {
    url,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}
