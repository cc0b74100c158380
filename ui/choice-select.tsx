import type { IconNode } from 'lucide';
import { entriesOf } from './entries.ts';
import { Icon } from './icon.tsx';

interface ChoiceSelectProps<Value extends string> {
  icon: IconNode;
  /** Accessible name, because the icon is not read. */
  label: string;
  options: Record<Value, string>;
  value: Value;
  onChange: (value: Value) => void;
}

/** A small choice among a few values, such as the language. */
export function ChoiceSelect<Value extends string>(props: ChoiceSelectProps<Value>) {
  const { icon, label, options, value, onChange } = props;
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
