import { signal } from '@preact/signals';
import { render } from 'preact';
import { beforePaint } from '../../ui/before-paint.ts';
import { chooseLanguage } from '../../ui/language.ts';
import { createSingleKeys } from '../../ui/list-keys.tsx';
import { safeStorage } from '../../ui/safe-storage.ts';
import { createTheme } from '../../ui/theme.ts';
import { readPlace } from './address.ts';
import { createApi } from './api.ts';
import { createInspector } from './inspector.ts';
import { keepAddress, wasReading } from './keep-address.ts';
import { createSaid } from './said.ts';
import { en } from './strings/en.ts';
import { es } from './strings/es.ts';
import { App } from './views/app.tsx';
import { Page } from './views/context.ts';

const root = document.getElementById('page');
if (root === null) throw new Error('index.html lost its page element');

const LOG = new URL('../emulator/requests', location.href).href;

const storage = safeStorage(() => localStorage);
const theme = createTheme(storage, document.documentElement);

const { locale: chosenLocale, strings: chosen } = chooseLanguage(
  { en, es },
  storage,
  navigator.languages,
  document.documentElement,
);
const strings = chosen.peek();
const locale = chosenLocale.peek();
document.title = `${strings.page.title} · ${strings.page.product}`;

const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

const inspector = createInspector({
  api: createApi(LOG, (input, init) => fetch(input, init)),
  connect: () => new EventSource(`${LOG}/feed`),
  after,
  beforePaint,
  ...readPlace(location),
});

const isReading = signal(wasReading(history));
keepAddress(inspector, isReading, window, () => matchMedia('(max-width: 799px)').matches);

const { said, say } = createSaid(after);

render(
  <Page
    value={{
      inspector,
      strings,
      locale,
      theme,
      singleKeys: createSingleKeys(storage),
      said,
      say,
      isReading,
      copy(text, words = strings.request.copied) {
        // There is no clipboard where the page is not secure; that is a refusal, too.
        (async () => navigator.clipboard.writeText(text))().then(
          () => say(words),
          () => say(strings.request.copyFailed),
        );
      },
    }}
  >
    <App />
  </Page>,
  root,
);
