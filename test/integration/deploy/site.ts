import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { expect, onTestFinished } from 'vitest';
import { createCertificate } from '../../../emulator/tls.ts';
import { AGENT_CODE } from '../../support/real-mode.ts';
import type { PROXIES } from './proxies.ts';

const USUAL_AUTHORITIES = getCACertificates('default');

/** Two servers behind a proxy, as browsers and Vonage reach them. */
export interface Site {
  name: string;
  url: string;
  /** The certificate that clients must trust. */
  authority: string;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Signs an agent in; resolves with what her browser is told to keep. */
  signIn(agent: string): Promise<{ setCookie: string; headers: { cookie: string } }>;
}

interface SiteOptions {
  /** Where the proxy gets a folder of its own. */
  folder: string;
  port: number;
  servers: readonly [number, number];
}

/** Starts a proxy of `deploy/` in front of two servers that already run, until the test is over. */
export async function startSite(
  proxy: (typeof PROXIES)[number],
  { folder, port, servers }: SiteOptions,
): Promise<Site> {
  const { cert, key, authority, remove } = await createCertificate('127.0.0.1', {});
  const own = join(folder, proxy.name);
  mkdirSync(own);
  const program = proxy.start({ folder: own, port, servers, certificate: { cert, key } });
  const ca = readFileSync(authority, 'utf8');
  const dispatcher = new Agent({ connect: { ca } });
  // The platform and the doctor know of no authorities but the usual ones.
  setDefaultCACertificates([...getCACertificates('default'), ca]);
  onTestFinished(async () => {
    setDefaultCACertificates(USUAL_AUTHORITIES);
    await dispatcher.destroy();
    await program[Symbol.asyncDispose]();
    await remove();
  }, 60_000);
  const url = `https://localhost:${port}`;
  const request = (path: string, init: RequestInit = {}) => fetch(url + path, { ...init, dispatcher });
  const answers = () =>
    request('/readyz/server').then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      },
      (error: Error) => `${error.cause ?? error}, ${program.printed()}`,
    );
  await expect.poll(answers).toBe(200);
  return {
    name: proxy.name,
    url,
    authority: ca,
    request,
    async signIn(agent) {
      let setCookie = '';
      // A busy store is tried again, as people do.
      await expect
        .poll(async () => {
          const session = await request('/api/session', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ agent, code: AGENT_CODE }),
          });
          [setCookie = ''] = session.headers.getSetCookie();
          return [session.status, await session.text()];
        })
        .toEqual([200, expect.anything()]);
      return { setCookie, headers: { cookie: setCookie.split(';')[0] ?? '' } };
    },
  };
}

/** A feed as a page keeps it open. */
export interface OpenFeed {
  /** The longest time without it so far, in milliseconds. */
  longestGapMs(): number;
  isOpen(): boolean;
}

/** Reads a feed, and opens it again as browsers do: a second later, from the last entry on. */
export function openFeed(
  { request }: Pick<Site, 'request'>,
  path: string,
  headers: { cookie: string },
  onData: (data: string) => void,
): OpenFeed {
  const over = new AbortController();
  let isOpen = false;
  let lostAt: number | undefined;
  let longestGap = 0;
  let lastId = '';
  async function read(): Promise<void> {
    const answer = await request(path, {
      headers: { ...headers, ...(lastId !== '' && { 'last-event-id': lastId }) },
      signal: over.signal,
    });
    if (answer.status !== 200 || answer.body === null) throw new Error(`The feed answered ${answer.status}.`);
    if (lostAt !== undefined) longestGap = Math.max(longestGap, performance.now() - lostAt);
    lostAt = undefined;
    isOpen = true;
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      const lines = (text + decoder.decode(part, { stream: true })).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('id:')) lastId = line.slice(3).trim();
        if (line.startsWith('data:{')) onData(line.slice(5));
      }
    }
  }
  async function keepReading(): Promise<void> {
    while (!over.signal.aborted) {
      await read().catch(() => {});
      isOpen = false;
      lostAt ??= performance.now();
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = setTimeout(resolve, 1_000);
      over.signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      clearTimeout(waiting);
    }
  }
  void keepReading();
  onTestFinished(() => over.abort());
  return { longestGapMs: () => longestGap, isOpen: () => isOpen };
}
