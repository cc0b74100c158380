import { CircleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../../../ui/icon.tsx';
import type { NumberField } from '../dialler.ts';
import { useStrings } from './strings.ts';

interface NumberInputProps {
  id: string;
  label: string;
  field: NumberField;
  large?: boolean;
  /** Text below the box while the number is valid. */
  hint?: ComponentChildren;
}

/** A text box for a phone number, with its error below. */
export function NumberInput({ id, label, field, large = false, hint }: NumberInputProps) {
  const { dialler: words } = useStrings();
  const problem = field.problem.value;
  const belowId = `${id}-below`;
  return (
    <div class="number-input">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="tel"
        class={large ? 'large' : ''}
        autocomplete="off"
        spellcheck={false}
        value={field.text.value}
        onInput={(event) => field.type(event.currentTarget.value)}
        onChange={field.settle}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined && hint === undefined ? undefined : belowId}
      />
      {problem === undefined ? (
        hint !== undefined && (
          <p id={belowId} class="hint">
            {hint}
          </p>
        )
      ) : (
        <p id={belowId} class="problem">
          <Icon icon={CircleAlert} />
          {words.problems[problem]}
        </p>
      )}
    </div>
  );
}
