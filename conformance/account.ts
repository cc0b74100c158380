import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';

/** Base addresses of a platform's APIs, without a slash at the end. */
export interface Hosts {
  /** For applications. */
  api: string;
  /** For calls and users, in the region of the application. */
  regional: string;
  /** What the Client SDK is told: a region of Vonage, or another platform. */
  sdk: { region: 'US' | 'EU' | 'AP' } | { apiUrl: string; websocketUrl: string };
}

export type Region = 'us' | 'eu' | 'ap';

/** The hosts of Vonage as its SDKs know them, or those of another platform. */
export function hostsOf(region: Region | undefined, apiUrl: string | undefined): Hosts {
  if (apiUrl !== undefined) return { api: apiUrl, regional: apiUrl, sdk: { apiUrl, websocketUrl: apiUrl } };
  const api = 'https://api.nexmo.com';
  const sdkRegions = { us: 'US', eu: 'EU', ap: 'AP' } as const;
  return {
    api,
    regional: region === undefined ? api : `https://api-${region}.vonage.com`,
    sdk: { region: sdkRegions[region ?? 'us'] },
  };
}

/** The Application API's names of the regions. */
const VOICE_REGIONS: Record<Region, string> = { us: 'na-east', eu: 'eu-west', ap: 'apac-sng' };

/** What a page needs for voice (Client SDK guide, "JWT and ACLs"). */
const PAGE_PATHS = [
  'users',
  'conversations',
  'sessions',
  'devices',
  'image',
  'media',
  'applications',
  'push',
  'knocking',
  'legs',
  'rtc',
];

const REQUEST_MS = 10_000;
/** Times that each part of the clean-up is tried. */
const CLEANING_TRIES = 3;

export interface Answer {
  status: number;
  body: unknown;
}

/** The platform refused, or did not answer. The message contains no secret. */
export class AccountTrouble extends Error {}

export interface Webhooks {
  answer: string;
  event: string;
  fallback: string;
  /** Milliseconds that the answer URL has. */
  patience: number;
}

const made = z.looseObject({ id: z.string().min(1) });
const listed = z.looseObject({
  _embedded: z.looseObject({ applications: z.array(z.looseObject({ id: z.string(), name: z.string() })) }),
  total_pages: z.number().optional(),
});

/** An application that exists only for one run, with its users and calls. Its private key never leaves this process. */
export class ThrowAwayApplication {
  readonly name: string;
  readonly hosts: Hosts;
  readonly #basic: string;
  readonly #key: KeyObject;
  readonly #publicKey: string;
  /** Set once a request to create it was sent: from then on it may exist. */
  #isBegun = false;
  #id: string | undefined;
  /** Names and ids of the users that were created. */
  readonly #users = new Map<string, string>();
  /** Legs that may be up. */
  readonly #legs = new Set<string>();

  constructor(name: string, hosts: Hosts, credentials: { apiKey: string; apiSecret: string }) {
    this.name = name;
    this.hosts = hosts;
    this.#basic = Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64');
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    this.#key = createPrivateKey(pair.privateKey);
    this.#publicKey = pair.publicKey;
  }

  /** Creates it. */
  async create(webhooks: Webhooks, region: Region | undefined): Promise<void> {
    this.#isBegun = true;
    const address = (url: string, http_method: string, more = {}) => ({ address: url, http_method, ...more });
    const { answer, event, fallback, patience } = webhooks;
    const body = {
      name: this.name,
      keys: { public_key: this.#publicKey },
      capabilities: {
        voice: {
          webhooks: {
            answer_url: address(answer, 'GET', { connect_timeout: 1000, socket_timeout: patience }),
            fallback_answer_url: address(fallback, 'GET'),
            event_url: address(event, 'POST'),
          },
          signed_callbacks: true,
          ...(region !== undefined && { region: VOICE_REGIONS[region] }),
        },
        rtc: {},
      },
    };
    const url = `${this.hosts.api}/v2/applications`;
    this.#id = made.parse(
      expectStatus(
        await this.#request('POST', url, `Basic ${this.#basic}`, body),
        'Creating an application',
        [201],
      ).body,
    ).id;
  }

  async createUser(name: string): Promise<void> {
    const answer = await this.users('POST', '', { name });
    this.#users.set(name, made.parse(expectStatus(answer, `Creating the user ${name}`, [201]).body).id);
  }

  /** A token with which a page of the user opens its session. */
  pageToken(user: string): Promise<string> {
    const paths = Object.fromEntries(PAGE_PATHS.map((path) => [`/*/${path}/**`, {}]));
    return this.#sign({ sub: user, acl: { paths } }, 3600);
  }

  /** A request to `/v1/calls…`. */
  async calls(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#request(method, `${this.hosts.regional}/v1/calls${path}`, await this.#bearer(), body);
  }

  /** Remembers a leg, to be hung up at the end; `isOver`: it needs no more. */
  noteLeg(uuid: string, isOver = false): void {
    if (isOver) this.#legs.delete(uuid);
    else this.#legs.add(uuid);
  }

  /** Hangs up every leg that may be up. */
  async endCalls(): Promise<void> {
    const legs = [...this.#legs];
    this.#legs.clear();
    // One that is over answers 400 or 404, which is as good.
    await Promise.all(
      legs.map((leg) => this.calls('PUT', `/${leg}`, { action: 'hangup' }).catch(() => undefined)),
    );
  }

  /**
   * Ends its calls, and removes its users and itself. Never throws: what could not be removed is returned, in words.
   * @param say called with each thing that was removed
   */
  async remove(say: (text: string) => void): Promise<string[]> {
    if (!this.#isBegun) return [];
    const left: string[] = [];
    await this.endCalls();
    const id = this.#id ?? (await this.#find());
    if (id === undefined) return left;
    let users = 0;
    for (const [name, user] of this.#users) {
      if (await removed(() => this.users('DELETE', `/${user}`))) users += 1;
      else left.push(`the user ${name} of the application ${id}`);
    }
    const url = `${this.hosts.api}/v2/applications/${id}`;
    const isGone = await removed(() => this.#request('DELETE', url, `Basic ${this.#basic}`));
    if (isGone) say(`Removed ${users} ${users === 1 ? 'user' : 'users'} and the application "${this.name}".`);
    else left.push(`the application "${this.name}" (${id})`);
    return left;
  }

  /** Its id, where the answer to its creation got lost: its name is like no other. */
  async #find(): Promise<string | undefined> {
    for (let page = 1; ; page += 1) {
      const url = `${this.hosts.api}/v2/applications?page_size=100&page=${page}`;
      const answer = await this.#request('GET', url, `Basic ${this.#basic}`).catch(() => undefined);
      const parsed = listed.safeParse(answer?.body);
      if (!parsed.success) return undefined;
      const found = parsed.data._embedded.applications.find(({ name }) => name === this.name);
      if (found || page >= (parsed.data.total_pages ?? 1)) return found?.id;
    }
  }

  private async users(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#request(method, `${this.hosts.regional}/v1/users${path}`, await this.#bearer(), body);
  }

  async #bearer(): Promise<string> {
    return `Bearer ${await this.#sign({}, 900)}`;
  }

  #sign(claims: Record<string, unknown>, seconds: number): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ application_id: this.#id, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .setJti(randomUUID())
      .sign(this.#key);
  }

  async #request(method: string, url: string, authorization: string, body?: unknown): Promise<Answer> {
    try {
      const answer = await fetch(url, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      return { status: answer.status, body: parseJson(await answer.text()) };
    } catch {
      // What fetch throws may quote the request, and so a token.
      throw new AccountTrouble(`${new URL(url).host} did not answer ${method} ${new URL(url).pathname}.`);
    }
  }
}

/** Throws unless the answer has one of the statuses; with what the platform said. */
function expectStatus(answer: Answer, what: string, statuses: number[]): Answer {
  if (statuses.includes(answer.status)) return answer;
  const { title, detail } = z
    .looseObject({ title: z.string().optional(), detail: z.string().optional() })
    .catch({})
    .parse(answer.body);
  const hint = answer.status === 401 ? ' Check VONAGE_API_KEY and VONAGE_API_SECRET.' : '';
  throw new AccountTrouble(
    `${what} was answered with ${answer.status}${[title, detail].map((text) => (text ? ` ${text}` : '')).join(',')}.${hint}`,
  );
}

/** Whether something is gone, after some tries. */
async function removed(remove: () => Promise<Answer>): Promise<boolean> {
  for (let number = 0; number < CLEANING_TRIES; number += 1) {
    if (number > 0) await new Promise((done) => setTimeout(done, 500 * number));
    const status = await remove().then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status !== undefined && (status < 300 || status === 404)) return true;
  }
  return false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
