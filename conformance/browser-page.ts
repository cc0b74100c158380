import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../scripts/chromium.mjs';
import type { Page, PageAccess, PageEvent } from './page.ts';
import { EAR_RATE } from './sound.ts';

/** Where the server of the webhooks serves the page and the SDK. */
export const PAGE_FILES = { page: '/page', sdk: '/sdk.mjs' };

const HTML = `<!doctype html><title>Conformance</title><link rel="icon" href="data:,">
<script type="module">import { VonageClient } from './sdk.mjs'; window.conformance.VonageClient = VonageClient;</script>`;

/** The page and the SDK as it was published. */
export function pageFiles(): { page: string; sdk: Buffer } {
  const entry = createRequire(import.meta.url).resolve('@vonage/client-sdk');
  return { page: HTML, sdk: readFileSync(join(dirname(entry), '..', 'vonageClientSDK.mjs')) };
}

/** @param isLocal whether the platform is on this machine: then the browser reaches nothing else */
export async function startChromium(isLocal: boolean): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found; npm test installs one.');
  return await chromium.launch({
    executablePath,
    // The clean-up comes first, and ends the browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      ...(isLocal
        ? [
            '--allow-loopback-in-peer-connection',
            '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
          ]
        : []),
    ],
  });
}

const event = z.union([
  z.object({ name: z.literal('invite'), at: z.number(), call: z.string(), from: z.string() }),
  z.object({ name: z.enum(['cancel', 'hangup']), at: z.number(), call: z.string(), reason: z.string() }),
]);

/**
 * Opens a page with the Client SDK, and a session of its user.
 * @param url where the server of the webhooks serves the page on this machine
 */
export async function openBrowserPage(
  browser: Browser,
  url: string,
  { user, token, sdk }: PageAccess,
): Promise<Page> {
  const context = await browser.newContext();
  await context.grantPermissions(['microphone'], { origin: new URL(url).origin });
  const page = await context.newPage();
  const told: PageEvent[] = [];
  await page.exposeFunction('tellRunner', (given: unknown) => {
    const parsed = event.safeParse(given);
    if (parsed.success) told.push(parsed.data);
  });
  await page.addInitScript(growEars, EAR_RATE);
  await page.goto(url);
  await page.waitForFunction(() => window.conformance.VonageClient !== undefined);
  const ask = async (method: string, ...values: unknown[]) => {
    try {
      return await page.evaluate(askClient, { method, values });
    } catch (error) {
      // The SDK's messages can quote its token.
      const words = error instanceof Error ? error.message : '';
      throw new Error(`${method}() of the Client SDK failed: ${words.replaceAll(token, '…').slice(0, 200)}`);
    }
  };
  await page
    .evaluate(openClient, { config: { ...sdk, rtcStatsTelemetry: false, loggingLevel: 'Error' }, token })
    .catch((error: Error) => {
      throw new Error(
        `The session of a page could not be opened: ${error.message.replaceAll(token, '…').slice(0, 200)}`,
      );
    });
  return {
    user,
    told,
    answer: async (call) => void (await ask('answer', call)),
    reject: async (call) => void (await ask('reject', call)),
    hangUp: async (call) => void (await ask('hangup', call)),
    call: async (data) => String(await ask('serverCall', data)),
    heard: (from, to) =>
      page.evaluate(([start, end]) => window.conformance.heardBetween(start, end), [from, to] as const),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Runs in the page: opens a client and tells the runner what the SDK tells of calls. */
async function openClient({ config, token }: { config: object; token: string }): Promise<void> {
  const { VonageClient } = window.conformance;
  if (!VonageClient) throw new Error('The Client SDK was not loaded.');
  const client = new VonageClient(config);
  const tell = (told: object) => void window.tellRunner({ at: Date.now(), ...told });
  client.on('callInvite', (call: unknown, from: unknown) =>
    tell({ name: 'invite', call: String(call), from: String(from) }),
  );
  client.on('callInviteCancel', (call: unknown, reason: unknown) =>
    tell({ name: 'cancel', call: String(call), reason: String(Object(reason).name ?? reason) }),
  );
  client.on('callHangup', (call: unknown, _quality: unknown, reason: unknown) =>
    tell({ name: 'hangup', call: String(call), reason: String(Object(reason).name ?? reason) }),
  );
  window.conformance.client = client;
  await client.createSession(token);
}

/** Runs in the page. */
async function askClient({ method, values }: { method: string; values: unknown[] }): Promise<string> {
  const { client } = window.conformance;
  return String(await Reflect.get(client ?? {}, method).apply(client, values));
}

/** Runs in the page before its own scripts: keeps what each remote track brings. */
function growEars(rate: number): void {
  const heard: { at: number; samples: Float32Array }[] = [];
  const listen = async (track: MediaStreamTrack) => {
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done || !value) return;
      const all = new Float32Array(value.numberOfFrames);
      value.copyTo(all, { planeIndex: 0, format: 'f32-planar' });
      const step = Math.round(value.sampleRate / rate);
      value.close();
      const samples = new Float32Array(Math.floor(all.length / step));
      for (let i = 0; i < samples.length; i += 1) {
        let sum = 0;
        for (let j = 0; j < step; j += 1) sum += all[i * step + j] ?? 0;
        samples[i] = sum / step;
      }
      heard.push({ at: Date.now(), samples });
      if (heard.length > 6000) heard.splice(0, 1000);
    }
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => void listen(track));
    }
  };
  window.conformance = {
    heardBetween: (from, to) =>
      heard.filter(({ at }) => at >= from && at <= to).flatMap(({ samples }) => [...samples]),
  };
}

/** What is used of the Client SDK. */
interface Client {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  createSession(token: string): Promise<string>;
}

declare global {
  interface Window {
    tellRunner(told: object): Promise<void>;
    conformance: {
      heardBetween(from: number, to: number): number[];
      VonageClient?: new (config: object) => Client;
      client?: Client;
    };
  }
}
