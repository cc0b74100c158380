import { Bell, Languages, SunMoon } from 'lucide';
import { ChoiceSelect } from '../../../ui/choice-select.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { languages } from '../../../ui/language.ts';
import { usePage } from './context.ts';

/** The agent's own choices about the page. */
export function Settings() {
  const { language, notifications, strings, theme } = usePage();
  const words = strings.value.settings;
  const permission = notifications.permission.value;

  return (
    <footer class="settings">
      <ChoiceSelect
        icon={Languages}
        label={words.language}
        options={languages}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
      />
      <ChoiceSelect
        icon={SunMoon}
        label={words.theme}
        options={words.themes}
        value={theme.value}
        onChange={(value) => {
          theme.value = value;
        }}
      />
      {permission === 'default' && (
        <button type="button" class="button button--text" onClick={() => void notifications.ask()}>
          <Icon icon={Bell} />
          {words.allowNotifications}
        </button>
      )}
      {permission === 'denied' && <p class="settings__note">{words.notificationsRefused}</p>}
    </footer>
  );
}
