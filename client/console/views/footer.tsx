import { ExternalLink, Keyboard, Languages, LogOut, SunMoon } from 'lucide';
import { ChoiceSelect } from '../../../ui/choice-select.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { languages } from '../../../ui/language.ts';
import { ariaKeys } from '../../../ui/list-keys.tsx';
import { usePage } from './context.ts';

/** Where else to go, and each one's own choices about the page. */
export function Footer({ onShortcuts }: { onShortcuts: () => void }) {
  const { language, live, strings, theme } = usePage();
  const words = strings.value;
  const stage = live.session.stage.value;
  const session = 'session' in stage ? stage.session : null;

  return (
    <footer class="footer">
      <nav class="footer__links" aria-label={words.product}>
        <Link href="./" words={words.agentPage} />
        {session?.phoneUrl && <Link href={session.phoneUrl} words={words.phone} />}
      </nav>
      <button
        type="button"
        class="button button--text"
        aria-keyshortcuts={ariaKeys('help')}
        onClick={onShortcuts}
      >
        <Icon icon={Keyboard} />
        {words.shortcuts.open}
      </button>
      {session?.signIn === 'code' && (
        <button type="button" class="button button--text" onClick={live.session.signOut}>
          <Icon icon={LogOut} />
          {words.signIn.signOut}
        </button>
      )}
      <span class="footer__gap" />
      <ChoiceSelect
        icon={Languages}
        label={words.settings.language}
        options={languages}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
      />
      <ChoiceSelect
        icon={SunMoon}
        label={words.settings.theme}
        options={words.settings.themes}
        value={theme.value}
        onChange={(value) => {
          theme.value = value;
        }}
      />
    </footer>
  );
}

function Link({ href, words }: { href: string; words: string }) {
  return (
    <a href={href} target="_blank" rel="noopener">
      {words}
      <Icon icon={ExternalLink} />
    </a>
  );
}
