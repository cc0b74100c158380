import { type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { chooseLanguage } from '../../../ui/language.ts';
import type { Theme } from '../../../ui/theme.ts';
import { ApiCallError, type Request } from '../../session/request.ts';
import { en } from '../../strings/en.ts';
import { es } from '../../strings/es.ts';
import { createFakeAgent, type FakeAgent, type FakeAgentChanges } from '../fake-agent.ts';
import type { Mirror } from '../leadership.ts';
import type { MicrophoneState } from '../microphone.ts';
import { SETTLE_MS } from '../press-guard.ts';
import type { SoundState } from '../sound.ts';
import { createPanes, Page, type Panes } from './context.ts';
import { loadWorkspace } from './later.tsx';
import { AgentPage } from './page.tsx';

/** The whole page of a fake agent, as somebody would use it who sees only roles and names. */
export interface FakePage extends FakeAgent {
  microphoneState: Signal<MicrophoneState>;
  soundState: Signal<SoundState>;
  /** What another tab shows that leads. */
  mirror: Signal<Mirror | null>;
  /** What the page asked its surroundings for: `check microphone`, `unblock sound`. */
  clicked: string[];
  panes: Panes;
  /** What was put on the clipboard. */
  copied: string[];
  all<Kind extends Element>(selector: string): Kind[];
  status(): (string | null)[];
  alert(): (string | null)[];
  buttons(): { name: string; element: HTMLButtonElement }[];
  /** The one button of this name. */
  button(name: string): HTMLButtonElement;
  /** Clicks when the button has been there for a while. */
  click(name: string): Promise<void>;
  /** Clicks in the moment in which the button appears. */
  clickAtOnce(name: string): Promise<void>;
  /** Does something when all buttons have been there for a while. */
  patiently(what: () => Promise<void>): Promise<void>;
  /** Does something and lets the page catch up. */
  happen(what: () => void): Promise<void>;
  ring(id?: string, from?: string): Promise<void>;
  talk(): Promise<void>;
  close(): void;
}

const none = signal<Record<string, string>>({});
const unchosen = signal('');
const devices = {
  options: { microphone: none, speaker: none, ringer: none },
  chosen: { microphone: unchosen, speaker: unchosen, ringer: unchosen },
  choose: () => {},
  volume: { speaker: signal(1), ringer: signal(1) },
  setVolume: () => {},
};

export interface FakePageChanges extends FakeAgentChanges {
  /** The server behind the panes; without it, none answers. */
  request?: Request;
}

const unreachable: Request = () => Promise.reject(new ApiCallError('unreachable', 'No answer.'));

export async function openPage({ request, ...changes }: FakePageChanges = {}): Promise<FakePage> {
  await loadWorkspace();
  const panes = createPanes();
  let patience = 0;
  const microphoneState = signal<MicrophoneState>('ready');
  const soundState = signal<SoundState>('on');
  const fake = createFakeAgent({
    pressStartedAt: () => Date.now() + patience,
    devicesState: { sound: soundState, microphone: microphoneState },
    ...changes,
  });
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const mirror = signal<Mirror | null>(null);
  const clicked: string[] = [];
  const copied: string[] = [];
  const forgetful = { getItem: () => null, setItem: () => {} };
  const { language, locale, strings } = chooseLanguage(
    { en, es },
    forgetful,
    ['en-GB'],
    document.documentElement,
  );
  const note = (what: string) => async () => {
    clicked.push(what);
  };

  const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)));
  const all = <Kind extends Element>(selector: string) => [...root.querySelectorAll<Kind>(selector)];
  const texts = (selector: string) => all(selector).map((element) => element.textContent);
  const buttons = () =>
    all<HTMLButtonElement>('button').map((element) => ({
      name: element.getAttribute('aria-label') ?? element.textContent ?? '',
      element,
    }));

  function button(name: string): HTMLButtonElement {
    const [found, ...others] = buttons().filter((one) => one.name === name);
    if (!found || others.length > 0) {
      throw new Error(`${others.length + (found ? 1 : 0)} buttons are named "${name}"`);
    }
    return found.element;
  }

  async function happen(what: () => void): Promise<void> {
    await act(what);
    await settle();
  }

  const clickAtOnce = (name: string) => happen(() => button(name).click());
  async function patiently(what: () => Promise<void>): Promise<void> {
    patience = SETTLE_MS;
    await what();
    patience = 0;
  }
  const click = (name: string) => patiently(() => clickAtOnce(name));
  const ring = (id = 'leg-1', from?: string) => happen(() => void fake.phone.ring(id, from));

  await happen(() =>
    render(
      <Page
        value={{
          agent: fake.agent,
          strings,
          language,
          locale,
          theme: signal<Theme>('system'),
          sound: { state: soundState, unblock: note('unblock sound'), ring: () => () => {} },
          microphone: { state: microphoneState, level: signal(0), check: note('check microphone') },
          devices,
          notifications: {
            permission: signal<NotificationPermission>('default'),
            ask: note('notifications'),
          },
          otherTab: { mirror, takeOver: () => void clicked.push('take over') },
          panes,
          request: request ?? unreachable,
          lastAgent: { read: () => 'Alice', write: () => {} },
          copy: async (text) => {
            copied.push(text);
          },
        }}
      >
        <AgentPage />
      </Page>,
      root,
    ),
  );

  return {
    ...fake,
    microphoneState,
    soundState,
    mirror,
    clicked,
    copied,
    panes,
    all,
    status: () => texts('[role=status]'),
    alert: () => texts('[role=alert]'),
    buttons,
    button,
    click,
    clickAtOnce,
    patiently,
    happen,
    ring,
    async talk() {
      await ring();
      await click('Answer');
    },
    close() {
      fake.agent.close();
      render(null, root);
    },
  };
}
