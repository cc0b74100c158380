import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { beforePaint } from '../../ui/before-paint.ts';
import { chooseLanguage } from '../../ui/language.ts';
import { createNames } from '../../ui/party-names.ts';
import { safeStorage } from '../../ui/safe-storage.ts';
import { createTheme } from '../../ui/theme.ts';
import { watchWake } from '../../ui/wake.ts';
import { createLastAgent } from '../session/last-agent.ts';
import { createRequest } from '../session/request.ts';
import { wallEn } from '../strings/wall-en.ts';
import { wallEs } from '../strings/wall-es.ts';
import { createAlarmSound } from './alarm-sound.ts';
import { createWallApi } from './api.ts';
import { createLiveWall } from './live-wall.ts';
import { type Opened, Page } from './views/context.ts';
import { WallPage } from './views/page.tsx';

const storage = safeStorage(() => localStorage);
const theme = createTheme(storage, document.documentElement);
const texts = { en: wallEn, es: wallEs };
const { language, locale, strings } = chooseLanguage(
  texts,
  storage,
  navigator.languages,
  document.documentElement,
);

const live = createLiveWall({
  api: createWallApi(createRequest((input, init) => fetch(input, init))),
  connect: (path) => new EventSource(path),
  beforePaint,
  random: Math.random,
  now: Date.now,
});

const isBig = signal(false);
const isOnline = signal(navigator.onLine);
const opened = signal<Opened | null>(null);
const isSoundOn = signal(false);
const sound = createAlarmSound(() => new AudioContext());

function readHash(): void {
  isBig.value = location.hash === '#big';
  document.documentElement.classList.toggle('is-big', isBig.value);
  if (isBig.value) opened.value = null;
}
readHash();
addEventListener('hashchange', readHash);
addEventListener('keydown', (event) => {
  // The big screen has no controls: the key that leaves full screens leaves it, too.
  if (event.key === 'Escape' && isBig.peek()) location.hash = '';
});
for (const type of ['online', 'offline']) {
  addEventListener(type, () => {
    isOnline.value = navigator.onLine;
  });
}
watchWake({ window, onWake: live.wake, onSlept: live.slept });
live.onAlarms(() => sound.play());
effect(() => {
  const { product, title } = strings.value;
  const alarms = live.alarms.value.length;
  document.title = `${alarms === 0 ? '' : `(${alarms}) `}${title} · ${product}`;
});

/** Saves a file on this computer. */
function save(name: string, text: string): void {
  // With the mark at its beginning, spreadsheets read it as UTF-8.
  const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const root = document.querySelector('#page');
if (root) {
  render(
    <Page
      value={{
        live,
        strings,
        language,
        locale,
        theme,
        opened,
        isBig,
        isOnline,
        nameOf: createNames(
          () => import('../../ui/numbers.ts'),
          () => strings.value,
        ),
        lastAgent: createLastAgent(storage),
        namedAgent: new URLSearchParams(location.search).get('agent'),
        sound,
        isSoundOn,
        save,
      }}
    >
      <WallPage />
    </Page>,
    root,
  );
}
