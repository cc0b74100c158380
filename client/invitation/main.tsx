import { render } from 'preact';
import { chooseLanguage } from '../../ui/language.ts';
import { safeStorage } from '../../ui/safe-storage.ts';
import { createTheme } from '../../ui/theme.ts';
import { createRequest } from '../session/request.ts';
import { invitationEn } from '../strings/invitation-en.ts';
import { invitationEs } from '../strings/invitation-es.ts';
import { InvitationCard } from './invitation-card.tsx';

const storage = safeStorage(() => localStorage);
createTheme(storage, document.documentElement);
const { strings } = chooseLanguage(
  { en: invitationEn, es: invitationEs },
  storage,
  navigator.languages,
  document.documentElement,
);
const words = strings.value;
document.title = `${words.title} · ${words.product}`;

const token = location.hash.slice(1);
// So that it stays in no history, and on no screenshot.
history.replaceState(null, '', location.pathname);

const root = document.querySelector('#page');
if (root) {
  root.classList.add('page');
  render(
    <InvitationCard
      words={words}
      token={token}
      request={createRequest((input, init) => fetch(input, init))}
      copy={(text) => navigator.clipboard.writeText(text)}
    />,
    root,
  );
}
