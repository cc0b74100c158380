import { render } from 'preact';
import { openCallAudio } from './audio.ts';
import { createDialler } from './dialler.ts';
import { createPhone } from './phone.ts';
import { remember } from './remember.ts';
import { openLine, openSocket } from './socket.ts';
import { chooseStrings } from './strings/choose.ts';
import { createTheme } from './theme.ts';
import { App } from './views/app.tsx';
import { PageStrings } from './views/strings.ts';

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

const strings = chooseStrings(navigator.languages);
document.documentElement.lang = strings.language;
document.title = strings.page.title;

render(
  <PageStrings value={strings}>
    <App phone={phone} dialler={dialler} theme={theme} />
  </PageStrings>,
  page,
);
