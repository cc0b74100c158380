import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { VonageClient } from '@vonage/client-sdk';
import { expect } from 'vitest';
import { listen } from '../../../emulator/listen.ts';
import type { Platform } from '../../../emulator/platform.ts';
import { createUser, signToken } from '../../integration/support/sdk-page.ts';
import type { TestBrowser, TestPage } from './browser.ts';

const DIST = join(dirname(createRequire(import.meta.url).resolve('@vonage/client-sdk')), '..');
const SDK = join(DIST, 'vonageClientSDK.mjs');
const TYPES = readFileSync(join(DIST, 'kotlin/clientsdk-clientcore_js.d.ts'), 'utf8');

/** The names of the methods that the class of the SDK's client declares. */
export function clientMethods(): string[] {
  const source = readFileSync(join(DIST, 'client/VonageClient.d.ts'), 'utf8');
  const body = source.slice(source.indexOf('export declare class VonageClient'));
  const names = [...body.matchAll(/^ {4}(\w+)[<(]/gm)].map(([, method = '']) => method);
  return names.filter((name) => name !== 'constructor');
}

/** The names of the methods that an interface of the SDK's types has of its own. */
export function methodsOf(name: string): string[] {
  const [, body = ''] = new RegExp(`\\binterface ${name}\\b[^{]*\\{([^}]*)\\}`).exec(TYPES) ?? [];
  return [...body.matchAll(/^\s+(\w+)\(/gm)].map(([, method = '']) => method);
}

/** The interfaces of the SDK's types that tell which events of sessions and calls there are. */
export const EVENTS = [...methodsOf('CoreClientEvents'), ...methodsOf('VoiceEvents')];

/** A web server of an application whose page has nothing but the Client SDK, as it was published. */
export interface SdkServer extends AsyncDisposable {
  url: string;
}

const PAGE = `<!doctype html><title>SDK</title><link rel="icon" href="data:,">
<script type="module">import { VonageClient } from '/sdk.mjs'; window.VonageClient = VonageClient;</script>`;

export async function serveSdk(): Promise<SdkServer> {
  const http = createServer(async (request, response) => {
    const isSdk = request.url === '/sdk.mjs';
    response.setHeader('content-type', isSdk ? 'text/javascript' : 'text/html');
    response.end(isSdk ? await readFile(SDK) : PAGE);
  });
  const port = await listen(http, '127.0.0.1', 0, true);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

/** Settings of the SDK that a test chooses; its own defaults need hosts that are not there. */
export type SdkOptions = Record<string, unknown>;

/** A page of a user with the real Client SDK: `window.client` in the page, and what it told. */
export class SdkPage {
  readonly opened: TestPage;
  readonly #platform: Platform;
  readonly #user: string;
  readonly #options: SdkOptions;
  #session: string | undefined;

  private constructor(opened: TestPage, platform: Platform, user: string, options: SdkOptions) {
    this.opened = opened;
    this.#platform = platform;
    this.#user = user;
    this.#options = options;
  }

  get page() {
    return this.opened.page;
  }

  /** Opens a page and its session; makes the user if need be. */
  static async open(
    browser: TestBrowser,
    server: SdkServer,
    platform: Platform,
    user: string,
    options: SdkOptions = {},
  ): Promise<SdkPage> {
    await createUser(platform, user).catch(() => {});
    const page = new SdkPage(await browser.open(`${server.url}/`), platform, user, options);
    await page.start();
    return page;
  }

  /** Makes a client and opens its session; after a reload, the session from before. */
  async start(): Promise<void> {
    const { url } = this.#platform;
    this.#session = await this.page.evaluate(openClient, {
      config: {
        apiUrl: url,
        websocketUrl: url,
        rtcStatsTelemetry: false,
        loggingLevel: 'Error',
        ...this.#options,
      },
      token: await signToken(this.#platform, { sub: this.#user }),
      session: this.#session,
      events: EVENTS,
    });
  }

  /** Calls a method of the SDK. Resolves with what it returned, or with how it failed. */
  async ask(method: string, ...values: unknown[]): Promise<Answer> {
    return this.page.evaluate(callClient, { method, values });
  }

  /** What the SDK told of an event, each time with all that came along; of all events without a name. */
  async told(name?: string): Promise<unknown[][]> {
    const all = await this.page.evaluate(() => window.told);
    return name === undefined ? all : all.filter(([event]) => event === name).map(([, ...values]) => values);
  }

  /** Waits until the SDK has told of an event, and returns what came along the last time. */
  async tells(name: string): Promise<unknown[]> {
    let found: unknown[] | undefined;
    await expect
      .poll(
        async () => {
          found = (await this.told(name)).at(-1);
          return found;
        },
        { message: `what the SDK told of ${name}`, timeout: 20_000 },
      )
      .toBeDefined();
    return found ?? [];
  }
}

/** What became of a call of the SDK: values as plain objects, with all that their getters say. */
export type Answer = { value: unknown } | { code: unknown; message: string };

/** Runs in the page. */
async function callClient({ method, values }: { method: string; values: unknown[] }): Promise<Answer> {
  const plain = (value: unknown, depth = 0): unknown => {
    if (typeof value !== 'object' || value === null || depth > 4) return value;
    if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
    const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value)));
    const names = getters.flatMap(([name, { get }]) => (get ? name : [])).concat(Object.keys(value));
    return Object.fromEntries(names.map((name) => [name, plain(Reflect.get(value, name), depth + 1)]));
  };
  try {
    const answer: unknown = await Reflect.get(window.client, method).apply(window.client, values);
    return { value: answer instanceof EventTarget ? String(answer) : plain(answer) };
  } catch (error) {
    return { code: Object(error).code, message: String(Object(error).message) };
  }
}

/** Runs in the page: opens a client and notes all that it tells. */
async function openClient(given: {
  config: object;
  token: string;
  session: string | undefined;
  events: string[];
}): Promise<string> {
  const { config, token, session, events } = given;
  const client = new window.VonageClient(config);
  const told: unknown[][] = [];
  for (const name of events) {
    client.on(name, (...values: unknown[]) => {
      told.push([name, ...values.map((value) => (typeof value === 'object' ? { ...value } : value))]);
    });
  }
  Object.assign(window, { client, told });
  return client.createSession(token, session);
}

declare global {
  interface Window {
    VonageClient: new (
      config: object,
    ) => VonageClient & { on(event: string, listener: (...values: unknown[]) => void): symbol };
    client: VonageClient;
    told: unknown[][];
  }
}
