import { CircleAlert } from 'lucide';
import { Icon } from '../../../parts/icon.tsx';
import type { NumberField } from '../dialler.ts';
import { useStrings } from './strings.ts';

interface NumberInputProps {
  id: string;
  label: string;
  field: NumberField;
  large?: boolean;
}

/** A text box for a telephone number, with what is wrong with it below. */
export function NumberInput({ id, label, field, large = false }: NumberInputProps) {
  const { dialler: words } = useStrings();
  const problem = field.problem.value;
  const problemId = `${id}-problem`;
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
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
      />
      {problem !== undefined && (
        <p id={problemId} class="problem">
          <Icon node={CircleAlert} />
          {words.problems[problem]}
        </p>
      )}
    </div>
  );
}
