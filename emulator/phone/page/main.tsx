import { render } from 'preact';
import { chooseStrings } from '../../parts/choose-strings.ts';
import { remember } from '../../parts/remember.ts';
import { createTheme } from '../../parts/theme.ts';
import { drawAttention } from './attention.ts';
import { openCallAudio } from './audio.ts';
import { createDialler } from './dialler.ts';
import { flashTitle } from './flash-title.ts';
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

const theme = createTheme(
  remember(() => localStorage, 'theme'),
  document.documentElement,
);
const phone = createPhone({
  openLine: (listener) => openLine(openSocket(location.origin), listener),
  openAudio: (onTrouble) => openCallAudio(player, onTrouble),
  now: Date.now,
});
const dialler = createDialler(
  phone,
  remember(() => sessionStorage, 'your-number'),
);

addEventListener('pagehide', () => phone.leave());
addEventListener('pageshow', (event) => {
  if (event.persisted) phone.comeBack();
});

const strings = chooseStrings([en, es], navigator.languages);
document.documentElement.lang = strings.language;
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
