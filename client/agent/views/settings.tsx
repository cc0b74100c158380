import { Bell, ListTree } from 'lucide';
import { FooterChoices } from '../../../ui/footer-choices.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Shortcuts } from '../workspace/shortcuts.tsx';
import { SmallWindow } from '../workspace/small-window.tsx';
import { usePage } from './context.ts';

/** The agent's own choices about the page. */
export function Settings() {
  const { agent, language, notifications, strings, theme } = usePage();
  const words = strings.value.settings;
  const permission = notifications.permission.value;
  const line = agent.line.state.value.name;
  const isDeveloper = agent.line.session.value?.roles.includes('developer') ?? false;
  const maySeeConsole = isDeveloper && line !== 'signed-out' && line !== 'signing-in';

  return (
    <footer class="settings">
      <FooterChoices language={language} theme={theme} words={words} />
      {permission === 'default' && (
        <button type="button" class="button button--text" onClick={() => void notifications.ask()}>
          <Icon icon={Bell} />
          {words.allowNotifications}
        </button>
      )}
      {maySeeConsole && (
        <a class="settings__link" href="console.html" target="_blank" rel="noopener">
          <Icon icon={ListTree} />
          {words.console}
        </a>
      )}
      <SmallWindow />
      <Shortcuts />
      {permission === 'denied' && <p class="settings__note">{words.notificationsRefused}</p>}
    </footer>
  );
}
