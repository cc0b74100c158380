import { Bell, BellOff, Phone } from 'lucide';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import { formatNumber } from '../../../../ui/numbers.ts';
import type { Dialler } from '../dialler.ts';
import type { PhoneModel } from '../phone.ts';
import { isDialable } from '../phone-state.ts';
import { NumberInput } from './number-input.tsx';
import { useStrings } from './strings.ts';

interface DialFormProps {
  phone: PhoneModel;
  dialler: Dialler;
  /** The ID of the element that had the focus at the last dial, which gets it back. */
  dialledFrom: RefObject<string | undefined>;
}

const IDS = { own: 'your-number', to: 'number-to-dial' };

export function DialForm({ phone, dialler, dialledFrom }: DialFormProps) {
  const { dialler: words } = useStrings();
  useLayoutEffect(() => {
    if (dialledFrom.current === undefined || document.activeElement !== document.body) return;
    document.getElementById(dialledFrom.current)?.focus();
  }, [dialledFrom]);

  function dial(event: Event): void {
    event.preventDefault();
    dialledFrom.current = document.activeElement?.id;
    const wrong = dialler.dial();
    if (wrong !== undefined) document.getElementById(IDS[wrong])?.focus();
  }

  return (
    <form class="dial-form" noValidate onSubmit={dial}>
      <NumberInput id={IDS.to} label={words.to} field={dialler.to} large />
      <NumberInput
        id={IDS.own}
        label={words.own}
        field={dialler.own}
        hint={<Registered number={phone.registered.value} />}
      />
      <button id="dial" type="submit" class="button button-call" disabled={!isDialable(phone.state.value)}>
        <Icon icon={Phone} />
        {words.call}
      </button>
    </form>
  );
}

/** The number on which this phone rings; empty while unknown. */
function Registered({ number }: { number: string | null | undefined }) {
  const { dialler: words } = useStrings();
  if (number === undefined) return null;
  return (
    <>
      <Icon icon={number === null ? BellOff : Bell} />
      {number === null ? words.ringsForNone : words.ringsFor(formatNumber(number))}
    </>
  );
}
