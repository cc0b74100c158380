import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { flashTitle } from '../../ui/flash-title.ts';
import { chooseLanguage } from '../../ui/language.ts';
import { safeStorage } from '../../ui/safe-storage.ts';
import { createTheme } from '../../ui/theme.ts';
import { watchWake } from '../../ui/wake.ts';
import { createLastAgent } from '../session/last-agent.ts';
import { createRequest } from '../session/request.ts';
import { en, type Strings } from '../strings/en.ts';
import { createAgent } from './agent.ts';
import { createApi } from './api.ts';
import { warnBeforeLeaving } from './attention.ts';
import { createCallMemory } from './call-memory.ts';
import { type Call, isLive } from './call-state.ts';
import { createDevices } from './devices.ts';
import { createLeadership } from './leadership.ts';
import { createMicrophone } from './microphone.ts';
import { createNotifications } from './notifications.ts';
import type { PhoneKit } from './phone.ts';
import { watchPresses } from './presses.ts';
import { createRecentMemory } from './recent-memory.ts';
import { watchSleep } from './sleep.ts';
import { createSound } from './sound.ts';
import { readinessOf, ringingWords, statusOf } from './status-words.ts';
import { everyEvenHidden, tabName } from './tab.ts';
import { createPanes, Page } from './views/context.ts';
import { AgentPage } from './views/page.tsx';

const LONGEST_PAINT_MS = 300;

/** The longest wait for the server’s first answer before the page is drawn without it (milliseconds). */
const PATIENCE_MS = 150;

/** The longest time-out of a `connect` action that the server writes is 45 s, Vonage's own default is 60 s. */
const RING_LIMIT_MS = 65_000;

const drawn = Promise.withResolvers<void>();
const storage = safeStorage(() => localStorage);
const tabStorage = safeStorage(() => sessionStorage);
const theme = createTheme(storage, document.documentElement);
/** Each language but the first is loaded when it is wanted: most pages need one. */
const {
  language,
  locale,
  strings: load,
} = chooseLanguage<() => Promise<Strings>>(
  { en: async () => en, es: async () => (await import('../strings/es.ts')).es },
  storage,
  navigator.languages,
  document.documentElement,
);
const strings = signal<Strings>(en);
async function loadLanguage(): Promise<void> {
  const wanted = load.peek();
  // Without its texts, the page stays as it is until a language is chosen again.
  const texts = await wanted().catch(() => null);
  if (texts && wanted === load.peek()) {
    strings.value = texts;
  }
}
load.subscribe(() => void loadLanguage());
const sound = createSound({
  document,
  context: new AudioContext({ latencyHint: 'interactive' }),
  // Without this API, a context that does not start only counts as blocked.
  wasUsed: () => navigator.userActivation?.hasBeenActive ?? false,
  onDevices: (look) => {
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  },
});
const notifications = createNotifications(window, (call, action) => {
  const { value: phase } = agent.calls.phase;
  // Another tab, or a call that is over: its notice may still be there.
  if (phase.name === 'ringing' && phase.call.id === call) {
    agent.calls.dispatch(action === 'answer' ? { type: 'answer' } : { type: 'reject', at: Date.now() });
  }
});
const devices = createDevices({
  devices: navigator.mediaDevices,
  storage,
  canChooseOutput: {
    speaker: 'setSinkId' in HTMLAudioElement.prototype,
    ringer: 'setSinkId' in AudioContext.prototype,
  },
});
const microphone = createMicrophone({
  chosen: () => devices.chosen.microphone.peek(),
  devices: navigator.mediaDevices,
  permissions: navigator.permissions,
  measure: sound.measure,
  canMeasure: () => sound.state.peek() === 'on',
});

const leadership = createLeadership({
  locks: navigator.locks,
  openChannel: (name) => new BroadcastChannel(name),
  shown: () => mirrored.peek(),
  onPromoted: () => agent.promoted(),
  onDemoted: () => agent.yield(),
});
/** Tells the tabs of all agents that somebody signed in or out: the cookie is theirs, too. */
const everyTab = new BroadcastChannel('switchboard.session');
everyTab.addEventListener('message', () => agent.line.sessionChanged());

const request = createRequest((input, init) => fetch(input, init));
const agent = createAgent({
  api: createApi(request),
  loadPhone,
  memoryOf: (name) => ({
    call: createCallMemory(storage, tabStorage, name),
    recent: createRecentMemory(storage, name, onStored),
  }),
  tabs: {
    claim: leadership.claim,
    takeOver: leadership.takeOver,
    leave: leadership.leave,
    sessionChanged: () => everyTab.postMessage(null),
  },
  desk: {
    tab: tabName(tabStorage, window),
    connect: (path) => new EventSource(path),
    every: everyEvenHidden,
    sendLast(report) {
      const body = new Blob([JSON.stringify(report)], { type: 'application/json' });
      navigator.sendBeacon('api/presence', body);
    },
    sound: sound.state,
    microphone: microphone.state,
    isHidden: () => document.hidden,
    notice() {
      if (document.hasFocus()) {
        return undefined;
      }
      return notifications.permission.peek() === 'granted' ? 'shown' : 'off';
    },
  },
  holdMicrophone: microphone.hold,
  chosen: devices.chosen,
  volume: devices.volume.speaker,
  onDevices: microphone.onDevices,
  name: new URLSearchParams(location.search).get('agent'),
  ring,
  ringLimitMs: RING_LIMIT_MS,
  pressStartedAt: watchPresses(document, Date.now).startedAt,
  hint: sound.hint,
  isOnline: () => navigator.onLine,
  random: Math.random,
});

/** What the other tabs of this agent show, too. */
const mirrored = computed(() => {
  const phase = agent.calls.phase.value;
  const readiness = readinessOf(agent, microphone);
  return {
    ...statusOf(strings.value, phase, readiness, agent.nameOf),
    busy: isLive(phase),
  };
});
effect(() => {
  void mirrored.value;
  leadership.publish();
});

/** Runs `look` whenever another tab changed what is stored under `key`. Returns how to stop. */
function onStored(key: string, look: () => void): () => void {
  const hear = (event: StorageEvent) => {
    // Without a key, all of it was cleared.
    if (event.key === key || event.key === null) {
      look();
    }
  };
  window.addEventListener('storage', hear);
  return () => window.removeEventListener('storage', hear);
}

/** Everything that makes a call noticed, ended together. */
function ring(call: Call): () => void {
  const words = strings.peek();
  const caller = agent.nameOf(call.from) || words.call.unknownCaller;
  const stops = [
    sound.ring(),
    flashTitle(document, words.call.titleRinging(caller)),
    // Who looks at the page needs no other notice.
    ...(document.hasFocus()
      ? []
      : [
          notifications.show({
            title: ringingWords(words, agent.desk.readiness.peek(), caller),
            body: words.product,
            tag: call.id,
            actions: words.actions,
          }),
        ]),
  ];
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

/** The phone's code is ten times the page's: it must not hold up the first paint. */
async function loadPhone(): Promise<PhoneKit> {
  await drawn.promise;
  await new Promise<void>((painted) => {
    requestAnimationFrame(() => setTimeout(painted));
    // A page that nobody sees paints nothing, and must ring all the same.
    setTimeout(painted, LONGEST_PAINT_MS);
  });
  return import('./vonage-phone.ts');
}

// Browsers name devices only after the microphone was allowed.
effect(() => {
  void microphone.state.value;
  void devices.refresh();
});
microphone.onDevices(() => void devices.refresh());
effect(() => void sound.use(devices.chosen.ringer.value));
effect(() => sound.setVolume(devices.volume.ringer.value));

const mayNotLeave = computed(() => {
  const phase = agent.calls.phase.value;
  return isLive(phase) || phase.name === 'ringing';
});
effect(() => (mayNotLeave.value ? warnBeforeLeaving(window) : undefined));

watchWake({
  window,
  onWake: () => {
    agent.calls.checkTime();
    agent.line.woke();
    agent.desk.wake();
  },
  onSlept,
});
watchSleep(document, Date.now, onSlept);

function onSlept(): void {
  agent.calls.checkTime();
  agent.line.woke();
  // A conversation reconnects by itself, or ends; a new session would disturb it.
  if (!isLive(agent.calls.phase.peek())) {
    agent.line.dispatch({ type: 'slept' });
    agent.desk.slept();
  }
}

window.addEventListener('offline', () => agent.line.dispatch({ type: 'network-lost' }));
window.addEventListener('pagehide', agent.leave);

// No English is painted before Spanish, and no place of the call before it is known whether there is a desk.
await loadLanguage();
await new Promise<void>((known) => {
  setTimeout(known, PATIENCE_MS);
  effect(() => void (agent.line.state.value.name !== 'loading' && known()));
});

const root = document.querySelector('#page');
if (root) {
  render(
    <Page
      value={{
        agent,
        strings,
        language,
        locale,
        theme,
        sound,
        microphone,
        devices,
        notifications,
        otherTab: leadership,
        lastAgent: createLastAgent(storage),
        panes: createPanes(),
        request,
        copy: (text) => navigator.clipboard.writeText(text),
      }}
    >
      <AgentPage />
    </Page>,
    root,
  );
  drawn.resolve();
  void microphone.start();
}
