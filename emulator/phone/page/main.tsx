import { render } from 'preact';
import { flashTitle } from '../../../ui/flash-title.ts';
import { chooseLanguage } from '../../../ui/language.ts';
import { safeStorage } from '../../../ui/safe-storage.ts';
import { createTheme } from '../../../ui/theme.ts';
import { drawAttention } from './attention.ts';
import { openCallAudio } from './audio.ts';
import { createDialler } from './dialler.ts';
import { createPhone } from './phone.ts';
import { createRinger } from './ringer.ts';
import { openLine, openSocket } from './socket.ts';
import { en } from './strings/en.ts';
import { es } from './strings/es.ts';
import { App } from './views/app.tsx';
import { PageStrings } from './views/strings.ts';
import { describeCaller } from './words.ts';

const page = document.getElementById('page');
if (page === null) throw new Error('index.html lost its page element');
const player = document.body.appendChild(document.createElement('audio'));

const storage = safeStorage(() => localStorage);
const theme = createTheme(storage, document.documentElement);
const phone = createPhone({
  openLine: (listener) => openLine(openSocket(location.origin), listener),
  openAudio: (onTrouble) => openCallAudio(player, onTrouble),
  now: Date.now,
});
const dialler = createDialler(
  phone,
  safeStorage(() => sessionStorage),
);

addEventListener('pagehide', () => phone.leave());
addEventListener('pageshow', (event) => {
  if (event.persisted) phone.comeBack();
});

const { strings: chosen } = chooseLanguage(
  { en, es },
  storage,
  navigator.languages,
  document.documentElement,
);
const strings = chosen.peek();
document.title = strings.page.title;
const ringer = createRinger(document);
drawAttention(phone.call, {
  ring: ringer.ring,
  flash: (call) => flashTitle(document, describeCaller(call, strings)),
});

render(
  <PageStrings value={strings}>
    <App phone={phone} dialler={dialler} ringer={ringer} theme={theme} />
  </PageStrings>,
  page,
);
