import { computed, type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import type { CallSummary } from '../../../domain/calls/call.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { chooseLanguage, type Language } from '../../../ui/language.ts';
import type { SingleKeys } from '../../../ui/list-keys.tsx';
import { formatNumber } from '../../../ui/numbers.ts';
import type { Theme } from '../../../ui/theme.ts';
import { consoleEn } from '../../strings/console-en.ts';
import { consoleEs } from '../../strings/console-es.ts';
import { createFakeApi, type FakeApi } from '../fake-api.ts';
import { createFakeFeedServer, type FakeFeedServer } from '../fake-feed-server.ts';
import { NOON } from '../fake-messages.ts';
import { everything } from '../filter.ts';
import { createLiveConsole, type LiveConsole } from '../live-console.ts';
import type { Place } from '../place.ts';
import { createSelection } from '../selection.ts';
import { callReader } from './call-reader.tsx';
import { Page } from './context.ts';
import { ConsolePage } from './page.tsx';

/** Soon after the calls that most tests tell of. */
const NOW = NOON + 60_000;

/** The whole console before a fake server, as somebody would use it who sees only roles and names. */
export interface FakePage {
  api: FakeApi;
  server: FakeFeedServer;
  live: LiveConsole;
  isWide: Signal<boolean>;
  language: Signal<Language>;
  /** What was put on the clipboard. */
  copied: string[];
  all<Kind extends Element>(selector: string): Kind[];
  /** The texts of all elements that fit, spaces as one. */
  texts(selector: string): string[];
  /** The list's lines. */
  lines(): string[];
  button(name: string): HTMLButtonElement;
  click(name: string): Promise<void>;
  /** Presses a key where the focus is. */
  press(key: string, init?: KeyboardEventInit): Promise<void>;
  fill(selector: string, value: string): Promise<void>;
  /** Does something, and lets the page catch up. */
  happen(what: () => void): Promise<void>;
  /** Something is stored, and told by the feed. */
  store(call: CallSummary, entry: LogEntry): Promise<void>;
  close(): void;
}

export interface FakePageOptions {
  place?: Place;
  prepare?: (api: FakeApi) => void;
  /** What time it is, milliseconds since 1970; otherwise soon after noon. */
  now?: number;
}

export async function openPage(options: FakePageOptions = {}): Promise<FakePage> {
  vi.useFakeTimers({ now: options.now ?? NOW, toFake: ['Date'] });
  const api = createFakeApi();
  options.prepare?.(api);
  const server = createFakeFeedServer();
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const copied: string[] = [];
  const isWide = signal(true);
  const texts = { en: consoleEn, es: consoleEs };
  const forgetful = { getItem: () => null, setItem: () => {} };
  const { language, strings } = chooseLanguage(texts, forgetful, ['en-GB'], document.documentElement);

  const live = createLiveConsole({
    api,
    connect: server.connect,
    beforePaint(run) {
      const timer = setTimeout(run);
      return () => clearTimeout(timer);
    },
    place: options.place ?? { filter: everything, callId: null },
    random: () => 0,
  });

  const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)));
  const all = <Kind extends Element>(selector: string) => [...root.querySelectorAll<Kind>(selector)];

  async function happen(what: () => void): Promise<void> {
    await act(what);
    await settle();
    await settle();
  }

  function button(name: string): HTMLButtonElement {
    const named = all<HTMLButtonElement>('button').filter((one) => spaced(one) === name);
    const [found] = named;
    if (!found) {
      throw new Error(`No button is named "${name}"`);
    }
    return found;
  }

  await happen(() =>
    render(
      <Page
        value={{
          live,
          selection: createSelection({ calls: live.calls, openCall: live.openCall, isWide }),
          strings,
          language,
          locale: computed(() => (language.value === 'en' ? 'en-GB' : 'es')),
          theme: signal<Theme>('system'),
          singleKeys: signal<SingleKeys>('on'),
          reader: signal(callReader),
          issueWanted: signal(0),
          nameOf: (party) => (party === null ? strings.value.list.unknownCaller : formatNumber(party)),
          lastAgent: { read: () => 'Alice', write: () => {} },
          copy: async (text) => {
            copied.push(text);
          },
          base: 'http://127.0.0.1:3000/',
        }}
      >
        <ConsolePage />
      </Page>,
      root,
    ),
  );

  return {
    api,
    server,
    live,
    isWide,
    language,
    copied,
    all,
    texts: (selector) => all(selector).map(spaced),
    lines: () => all('[role=option]').map(spaced),
    button,
    click: (name) => happen(() => button(name).click()),
    press: (key, init) =>
      happen(() => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
        document.activeElement?.dispatchEvent(event);
      }),
    fill: (selector, value) =>
      happen(() => {
        const [field] = all<HTMLInputElement>(selector);
        if (field) {
          field.value = value;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
        }
      }),
    happen,
    store: (call, entry) =>
      happen(() => {
        api.summaries = [call, ...api.summaries.filter(({ id }) => id !== call.id)];
        api.entries.set(call.id, [...(api.entries.get(call.id) ?? []), entry]);
        server.tell({ call, entry });
      }),
    close() {
      vi.useRealTimers();
      live.close();
      render(null, root);
    },
  };
}

function spaced(element: Element): string {
  return element.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
}
