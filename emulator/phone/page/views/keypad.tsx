import { useEffect } from 'preact/hooks';
import { isForPage, PHONE_KEYS, phoneKeyOf } from '../../../../ui/phone-keys.ts';
import { useStrings } from './strings.ts';

interface KeypadProps {
  /** The digits sent so far. */
  keyed: string;
  /** Sends a digit; undefined while it cannot be sent. */
  press: ((digit: string) => void) | undefined;
}

/** The twelve keys of a phone. Also accepts typed keys, except in a text box. */
export function Keypad({ keyed, press }: KeypadProps) {
  const { call: words } = useStrings();
  useEffect(() => {
    if (press === undefined) return;
    const type = (event: KeyboardEvent) => {
      const digit = isForPage(event) ? phoneKeyOf(event) : undefined;
      if (digit !== undefined) press(digit);
    };
    document.addEventListener('keydown', type);
    return () => document.removeEventListener('keydown', type);
  }, [press]);

  return (
    <fieldset aria-label={words.keypad} class="keypad" disabled={press === undefined}>
      <p class="keyed">
        <span class="visually-hidden">{words.keysSent}: </span>
        <bdi dir="ltr">{keyed}</bdi>
      </p>
      {PHONE_KEYS.map(([digit, letters]) => (
        <button key={digit} type="button" onClick={() => press?.(digit)}>
          {digit}
          <span aria-hidden="true">{letters}</span>
        </button>
      ))}
    </fieldset>
  );
}
