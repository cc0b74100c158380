import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { AgentRule } from '../../emulator/headless/agents.ts';
import type { Platform } from '../../emulator/platform.ts';

/** Milliseconds between two signs of life of a page, and until a page opens a broken feed again. */
const BEAT_MS = 3_000;
const REOPEN_MS = 1_000;

const shownDesk = z.object({
  me: z.object({ choice: z.string() }),
  call: z.object({ id: z.string() }).nullable(),
});

interface AgentOptions {
  platform: Platform;
  /** Of the servers, behind their load balancer. */
  url: string;
  name: string;
  code: string;
  signal: AbortSignal;
}

/** An agent with a page, who takes calls until the signal; resolves once she does. */
export async function startAgent({ platform, url, name, code, signal }: AgentOptions): Promise<void> {
  const { random } = platform.world;
  const between = (least: number, most: number) => least + random() * (most - least);
  let page = await openPage(url, name, code, signal);
  const vanish = (seconds: number) => {
    page.close();
    setTimeout(async () => {
      if (!signal.aborted) page = await openPage(url, name, code, signal);
    }, seconds * 1000);
  };
  platform.agent(name, ({ over }): AgentRule => {
    void over.then(({ cause }) => cause === 'hung-up-here' && page.hungUp());
    const luck = random();
    if (luck < 0.05) return { does: 'reject', after: between(1, 3) };
    if (luck < 0.08) return { does: 'ring' };
    const after = between(1, 4);
    if (luck > 0.11) return { does: 'answer', after, hangUpAfter: between(10, 30) };
    // The browser dies in the middle of the call, and she opens another one.
    const vanishAfter = between(2, 8);
    setTimeout(() => vanish(between(4, 15)), (after + vanishAfter) * 1000);
    return { does: 'answer', after, vanishAfter };
  });
}

interface Page {
  /** Tells the desk that she hung up on purpose. */
  hungUp(): void;
  close(): void;
}

/** What a browser does that shows the agent page: it signs in, beats, and reads the feed. */
async function openPage(url: string, agent: string, code: string, signal: AbortSignal): Promise<Page> {
  const tab = randomUUID();
  const closing = new AbortController();
  const over = AbortSignal.any([signal, closing.signal]);
  let cookie = '';
  let shown: z.infer<typeof shownDesk> | undefined;

  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const json = { headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return fetch(url + path, { method, signal: over, ...json });
  }

  /** Servers die and requests fail: the next one may not. */
  async function send(method: string, path: string, body: unknown): Promise<void> {
    const answer = await ask(method, path, body).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 401) await signIn();
  }

  async function signIn(): Promise<void> {
    const answer = await ask('POST', '/api/session', { agent, code }).catch(() => undefined);
    await answer?.body?.cancel();
    cookie = answer?.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  }

  async function beat(): Promise<void> {
    while (!over.aborted) {
      await send('POST', '/api/presence', { tab, line: 'up', sound: 'on', microphone: 'ready' });
      // Who let it ring too often is away until she says otherwise.
      if (shown?.me.choice === 'away') await send('PUT', '/api/choice', { choice: 'available' });
      await wait(BEAT_MS, undefined, { signal: over }).catch(() => {});
    }
  }

  async function readFeed(): Promise<void> {
    while (!over.aborted) {
      const query = new URLSearchParams({ tab });
      try {
        const feed = await fetch(`${url}/api/desk/feed?${query}`, { headers: { cookie }, signal: over });
        let text = '';
        for await (const chunk of (feed.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
          const lines = (text + chunk).split('\n');
          text = lines.pop() ?? '';
          const state = lines.findLast((line) => line.startsWith('data:'));
          if (state !== undefined) shown = shownDesk.parse(JSON.parse(state.slice('data:'.length)));
        }
      } catch (error) {
        if (error instanceof z.ZodError) throw error;
        // The server died, or the page was closed.
      }
      await wait(REOPEN_MS, undefined, { signal: over }).catch(() => {});
    }
  }

  await signIn();
  void beat();
  void readFeed();
  return {
    hungUp() {
      if (shown?.call) void send('POST', '/api/desk/report', { call: shown.call.id, fact: 'hang-up meant' });
    },
    close: () => closing.abort(),
  };
}
