import { useEffect } from 'preact/hooks';
import { useStrings } from './strings.ts';

const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', ''],
  ['#', ''],
] as const;

interface KeypadProps {
  /** The digits sent so far. */
  keyed: string;
  /** Sends a digit; undefined while there is nobody to send it to. */
  press: ((digit: string) => void) | undefined;
}

/** The twelve keys of a telephone. It also takes digits that are typed, unless they go into a text box. */
export function Keypad({ keyed, press }: KeypadProps) {
  const { call: words } = useStrings();
  useEffect(() => {
    if (press === undefined) return;
    const type = (event: KeyboardEvent) => {
      const digit = digitOf(event);
      if (digit !== undefined) press(digit);
    };
    document.addEventListener('keydown', type);
    return () => document.removeEventListener('keydown', type);
  }, [press]);

  return (
    <fieldset aria-label={words.keypad} class="keypad" disabled={press === undefined}>
      <p class="keyed">
        <span class="visually-hidden">{words.keysSent}: </span>
        {keyed}
      </p>
      {KEYS.map(([digit, letters]) => (
        <button key={digit} type="button" onClick={() => press?.(digit)}>
          {digit}
          <span aria-hidden="true">{letters}</span>
        </button>
      ))}
    </fieldset>
  );
}

function digitOf({ key, target, ctrlKey, altKey, metaKey }: KeyboardEvent): string | undefined {
  const typing = target instanceof HTMLInputElement && target.type !== 'checkbox';
  if (ctrlKey || altKey || metaKey || typing) return undefined;
  return KEYS.find(([digit]) => digit === key)?.[0];
}
