import { Bell, Languages, SunMoon } from 'lucide';
import { entriesOf } from '../../parts/entries.ts';
import { Icon } from '../../parts/icon.tsx';
import { languages } from '../../strings/language.ts';
import { usePage } from './context.ts';

/** The agent's own choices about the page. */
export function Settings() {
  const { language, notifications, strings, theme } = usePage();
  const words = strings.value.settings;
  const permission = notifications.permission.value;

  return (
    <footer class="settings">
      <Choice
        icon={Languages}
        label={words.language}
        options={languages}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
      />
      <Choice
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

interface ChoiceProps<Value extends string> {
  icon: typeof Bell;
  label: string;
  options: Record<Value, string>;
  value: Value;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ icon, label, options, value, onChange }: ChoiceProps<Value>) {
  return (
    <label class="choice">
      <Icon icon={icon} />
      <span class="visually-hidden">{label}</span>
      <select
        class="choice__select"
        value={value}
        onChange={(event) => {
          const chosen = entriesOf(options)[event.currentTarget.selectedIndex];
          if (chosen) {
            onChange(chosen[0]);
          }
        }}
      >
        {entriesOf(options).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
