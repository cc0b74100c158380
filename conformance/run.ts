import { randomUUID } from 'node:crypto';
import { type Hosts, ThrowAwayApplication } from './account.ts';
import { type Belief, NotTried, type Outcome } from './belief.ts';
import { ANSWER_PATIENCE } from './beliefs/webhooks.ts';
import { openBrowserPage, PAGE_FILES, pageFiles, startChromium } from './browser-page.ts';
import type { Settings } from './options.ts';
import type { Page } from './page.ts';
import { toneFile } from './sound.ts';
import { type Pace, Stage } from './stage.ts';
import { startWebhookServer, type WebhookServer } from './webhook-server.ts';
import { openWirePage } from './wire-page.ts';

/** A run could not begin; the message says why, and holds no secret. */
export class CannotBegin extends Error {}

export interface RunOptions extends Pick<Settings, 'pages' | 'host' | 'port'> {
  credentials: { apiKey: string; apiSecret: string };
  region: 'us' | 'eu' | 'ap' | undefined;
  hosts: Hosts;
  /** Reaches the webhook server from the platform; undefined: its address on this machine. */
  publicUrl: string | undefined;
  number: string;
  pace: Pace;
  beliefs: readonly Belief[];
  /** Ends the run; what was made is removed all the same. */
  signal: AbortSignal;
  say: (text: string) => void;
  onOutcome: (outcome: Outcome) => void;
}

/** What became of a run. */
interface RunEnd {
  /** Of the beliefs that were reached. */
  outcomes: Outcome[];
  /** What could not be removed at the platform, in words. */
  left: string[];
}

const USERS = ['conformance-a', 'conformance-b', 'conformance-c'] as const;
/** Milliseconds for the answer of our own server by way of its public address. */
const REACH_MS = 10_000;

/** Tries beliefs on a platform, with an application that exists only for this. Always cleans up. */
export async function runBeliefs(options: RunOptions): Promise<RunEnd> {
  const { hosts, credentials, say, signal } = options;
  await using server = await startWebhookServer(options.host, options.port);
  const publicBase = options.publicUrl === undefined ? server.local : `${options.publicUrl}${server.prefix}`;
  if (options.publicUrl !== undefined) await reach(server, publicBase, options.port);
  signal.throwIfAborted();
  const application = new ThrowAwayApplication(`conformance-${randomUUID()}`, hosts, credentials);
  const outcomes: Outcome[] = [];
  let left: string[] = [];
  try {
    server.serve('/tone.wav', { type: 'audio/wav', content: toneFile() });
    const webhooks = {
      answer: `${publicBase}/answer`,
      event: `${publicBase}/event`,
      fallback: `${publicBase}/fallback`,
      patience: ANSWER_PATIENCE,
    };
    await application.create(webhooks, options.region);
    say(`Created the application "${application.name}".`);
    for (const name of USERS) {
      signal.throwIfAborted();
      await application.createUser(name);
    }
    signal.throwIfAborted();
    await using open = await openPages(options, application, server);
    for (const belief of options.beliefs) {
      signal.throwIfAborted();
      const parts = { ...options, application, server, publicBase, pages: open.pages };
      const outcome = await attempt(belief, new Stage(parts));
      // What was cut short says nothing.
      signal.throwIfAborted();
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    left = await application.remove(say);
    if (left.length > 0) say(`Could not remove ${left.join(' and ')}. Remove it in Vonage's dashboard.`);
  }
  return { outcomes, left };
}

async function attempt({ id, sentence, source, attempt: act }: Belief, stage: Stage): Promise<Outcome> {
  const outcome = { id, sentence, source, steps: stage.steps };
  try {
    const { isSame, seen } = await act(stage);
    return { ...outcome, verdict: isSame ? 'same' : 'different', seen };
  } catch (error) {
    const why = error instanceof NotTried ? error.message : `An error: ${messageOf(error)}`;
    return { ...outcome, verdict: 'not tried', seen: why };
  } finally {
    await stage.end();
  }
}

type OpenPages = { pages: [Page, Page, Page] } & AsyncDisposable;

async function openPages(
  { pages: kind, hosts }: RunOptions,
  application: ThrowAwayApplication,
  server: WebhookServer,
): Promise<OpenPages> {
  await using stack = new AsyncDisposableStack();
  const browser = kind === 'browser' ? await startChromium('apiUrl' in hosts.sdk) : undefined;
  if (browser) {
    stack.defer(() => browser.close());
    const { page, sdk } = pageFiles();
    server.serve(PAGE_FILES.page, { type: 'text/html', content: page });
    server.serve(PAGE_FILES.sdk, { type: 'text/javascript', content: sdk });
  }
  const open = async (user: string) => {
    const access = { user, token: await application.pageToken(user), sdk: hosts.sdk };
    const page = browser
      ? await openBrowserPage(browser, `${server.local}${PAGE_FILES.page}`, access)
      : await openWirePage(access);
    return stack.use(page);
  };
  const pages: OpenPages['pages'] = [await open(USERS[0]), await open(USERS[1]), await open(USERS[2])];
  const opened = stack.move();
  return { pages, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Checks that the public address leads to this process, before anything is made. */
async function reach(server: WebhookServer, publicBase: string, port: number): Promise<void> {
  const proof = randomUUID();
  server.serve('/reach', { type: 'text/plain', content: proof });
  const answer = await fetch(`${publicBase}/reach`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(REACH_MS),
    headers: { 'ngrok-skip-browser-warning': 'yes' },
  }).catch(() => undefined);
  if ((await answer?.text().catch(() => '')) === proof) return;
  const { origin } = new URL(publicBase);
  const said = answer === undefined ? 'does not answer' : `answers with ${answer.status}, and not from here`;
  throw new CannotBegin(`${origin} ${said}. It must lead to port ${port} on this machine.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
