import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { z } from 'zod';

/** Path of an installed Firefox; undefined if the PATH has none. */
export function findFirefox(): string | undefined {
  return ['firefox-esr', 'firefox']
    .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** A page in a Firefox of its own, driven by WebDriver BiDi: Playwright needs a newer one than Debian has. */
export interface FirefoxPage extends AsyncDisposable {
  /** Presses with the mouse. */
  click(name: string): Promise<void>;
  /** Types into the field with a label. */
  types(label: string, text: string): Promise<void>;
  /** Waits until the status with this name has a text. */
  sees(status: string, words: string | RegExp): Promise<void>;
  /** The value of an expression in the page, or what its promise resolves with. */
  evaluate(expression: string): Promise<unknown>;
  /** Console errors and uncaught exceptions so far. */
  readonly complaints: readonly string[];
}

interface FirefoxOptions {
  path: string;
  /** Tone of the microphone, Hz. */
  microphone: number;
  /** A function, as text, that runs in the page before its own scripts. */
  prepare: string;
}

/** Looking through a page's accessible names is work for Firefox. */
const CALM = { interval: 200 };

const located = z.object({
  nodes: z.array(z.object({ sharedId: z.string(), value: z.object({ localName: z.string() }) })),
});
const evaluated = z.object({
  type: z.literal('success'),
  result: z.object({ value: z.unknown().optional() }),
});
const message = z.object({
  id: z.number().optional(),
  type: z.string(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.string().optional(),
  message: z.string().optional(),
  params: z.object({ level: z.string().optional(), text: z.string().nullish() }).optional(),
});

/** Opens an address in a new Firefox without a window, and with a fake microphone. */
export async function openFirefox(
  url: string,
  { path, microphone, prepare }: FirefoxOptions,
): Promise<FirefoxPage> {
  await using parts = new AsyncDisposableStack();
  const profile = mkdtempSync(join(tmpdir(), 'switchboard-firefox-'));
  parts.defer(() => rmSync(profile, { recursive: true, force: true, maxRetries: 10 }));
  writeFileSync(join(profile, 'user.js'), preferences(microphone));
  const child = spawn(path, ['--headless', '--remote-debugging-port=0', '--profile', profile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' },
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  parts.defer(async () => {
    child.kill('SIGTERM');
    await gone;
  });
  const socket = new WebSocket(`${await listeningAt(child.stderr)}/session`);
  await new Promise((done, failed) => {
    socket.onopen = done;
    socket.onerror = failed;
  });
  parts.defer(() => socket.close());

  const complaints: string[] = [];
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.onmessage = ({ data }) => {
    const { id, type, error, message: words, params, result } = message.parse(JSON.parse(String(data)));
    if (params?.level === 'error') complaints.push(params.text ?? '');
    if (id === undefined) return;
    if (type === 'success') waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(`${error}: ${words}`));
    waiting.delete(id);
  };
  let sent = 0;
  async function send(method: string, params: object): Promise<unknown> {
    sent += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(sent, answer);
    socket.send(JSON.stringify({ id: sent, method, params }));
    return answer.promise;
  }

  await send('session.new', { capabilities: {} });
  await send('session.subscribe', { events: ['log.entryAdded'] });
  const created = await send('browsingContext.create', { type: 'tab' });
  const { context } = z.object({ context: z.string() }).parse(created);
  await send('script.addPreloadScript', { functionDeclaration: prepare });
  await send('browsingContext.navigate', { context, url, wait: 'complete' });

  /** The one element of an accessible name. @param element its tag, or its role */
  async function find(element: { tag: string } | { role: string }, name: string): Promise<string> {
    const value = 'role' in element ? { ...element, name } : { name };
    const look = async () => {
      const locator = { type: 'accessibility', value };
      const { nodes } = located.parse(await send('browsingContext.locateNodes', { context, locator }));
      return nodes.filter((each) => 'role' in element || each.value.localName === element.tag);
    };
    await expect.poll(look, { ...CALM, message: `${JSON.stringify(element)} ${name}` }).toHaveLength(1);
    return (await look())[0]?.sharedId ?? '';
  }

  async function press(sharedId: string): Promise<void> {
    await send('input.performActions', {
      context,
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          actions: [
            { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element: { sharedId } } },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      ],
    });
  }

  /** What a function in the page says of an element. */
  async function ask(sharedId: string, functionDeclaration: string): Promise<unknown> {
    const answer = await send('script.callFunction', {
      functionDeclaration,
      arguments: [{ sharedId }],
      target: { context },
      awaitPromise: false,
    });
    return evaluated.parse(answer).result.value;
  }

  const held = parts.move();
  return {
    complaints,
    click: async (name) => press(await find({ role: 'button' }, name)),
    async types(label, text) {
      const field = await find({ tag: 'input' }, label);
      await press(field);
      await expect.poll(() => ask(field, '(field) => field === document.activeElement'), CALM).toBe(true);
      const keys = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await send('input.performActions', { context, actions: [{ type: 'key', id: 'keys', actions: keys }] });
      await expect.poll(() => ask(field, '(field) => field.value'), CALM).toBe(text);
    },
    async sees(status, words) {
      // The page may make a new element when it changes as a whole.
      const read = async () =>
        ask(await find({ role: 'status' }, status), '(element) => element.textContent');
      await expect.poll(read, CALM).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
    },
    async evaluate(expression) {
      const answer = await send('script.evaluate', { expression, target: { context }, awaitPromise: true });
      return evaluated.parse(answer).result.value;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function listeningAt(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    // Nobody reads what it prints from now on.
    stderr.resume();
    return address;
  }
  throw new Error('Firefox ended before it could be driven.');
}

function preferences(microphone: number): string {
  const values = {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.navigator.audio.fake_frequency': microphone,
    'media.autoplay.default': 0,
    // A machine without a network has no other address for audio.
    'media.peerconnection.ice.loopback': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'intl.locale.requested': 'en-GB',
    'intl.accept_languages': 'en-GB',
    // It asks nobody for updates, and tells nobody of itself.
    'app.update.disabledForTesting': true,
    'app.normandy.enabled': false,
    'browser.safebrowsing.update.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,',
    'toolkit.telemetry.server': 'data:,',
  };
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}
