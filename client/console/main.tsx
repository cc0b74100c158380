import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { beforePaint } from '../../ui/before-paint.ts';
import { chooseLanguage } from '../../ui/language.ts';
import { createSingleKeys } from '../../ui/list-keys.tsx';
import { createNames } from '../../ui/party-names.ts';
import { safeStorage } from '../../ui/safe-storage.ts';
import { createTheme } from '../../ui/theme.ts';
import { watchWake } from '../../ui/wake.ts';
import { createLastAgent } from '../session/last-agent.ts';
import { createRequest } from '../session/request.ts';
import { consoleEn } from '../strings/console-en.ts';
import { consoleEs } from '../strings/console-es.ts';
import { createConsoleApi } from './api.ts';
import { keepAddress } from './keep-address.ts';
import { createLiveConsole } from './live-console.ts';
import { readPlace } from './place.ts';
import { createSelection } from './selection.ts';
import { type CallReader, Page } from './views/context.ts';
import { ConsolePage } from './views/page.tsx';

const RETRY_MS = 5_000;

const storage = safeStorage(() => localStorage);
const theme = createTheme(storage, document.documentElement);
const singleKeys = createSingleKeys(storage);
const texts = { en: consoleEn, es: consoleEs };
const { language, locale, strings } = chooseLanguage(
  texts,
  storage,
  navigator.languages,
  document.documentElement,
);

const live = createLiveConsole({
  api: createConsoleApi(createRequest((input, init) => fetch(input, init))),
  connect: (path) => new EventSource(path),
  place: readPlace(location.search),
  beforePaint,
  random: Math.random,
});

const wide = matchMedia('(min-width: 900px)');
const isWide = signal(wide.matches);
wide.addEventListener('change', () => {
  isWide.value = wide.matches;
});

const selection = createSelection({ calls: live.calls, openCall: live.openCall, isWide });
const nameOf = createNames(
  () => import('../../ui/numbers.ts'),
  () => strings.value.list,
);
const reader = signal<CallReader | null>(null);

keepAddress(window, live, selection);
watchWake({ window, onWake: live.wake, onSlept: live.slept });
effect(() => {
  document.title = `${strings.value.title} · ${strings.value.product}`;
});

const root = document.querySelector('#page');
if (root) {
  render(
    <Page
      value={{
        live,
        selection,
        strings,
        language,
        locale,
        theme,
        singleKeys,
        reader,
        issueWanted: signal(0),
        nameOf,
        lastAgent: createLastAgent(storage),
        // There is no clipboard where the page is not secure; that is a refusal, too.
        copy: async (text) => navigator.clipboard.writeText(text),
        base: new URL('./', location.href).href,
      }}
    >
      <ConsolePage />
    </Page>,
    root,
  );
  loadReader();
}

/** What reads a call is larger than the list: it must not hold up the first paint. */
function loadReader(): void {
  import('./views/call-reader.tsx').then(
    ({ callReader }) => {
      reader.value = callReader;
    },
    () => setTimeout(loadReader, RETRY_MS),
  );
}
