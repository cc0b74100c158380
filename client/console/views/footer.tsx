import { Keyboard, LogOut } from 'lucide';
import { FooterChoices } from '../../../ui/footer-choices.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ariaKeys } from '../../../ui/list-keys.tsx';
import { FooterLink } from '../../../ui/page-frame.tsx';
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
        <FooterLink href="./" words={words.agentPage} />
        {session?.phoneUrl && <FooterLink href={session.phoneUrl} words={words.phone} />}
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
      <FooterChoices language={language} theme={theme} words={words.settings} />
    </footer>
  );
}
