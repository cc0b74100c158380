import { Headphones } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../parts/icon.tsx';
import type { PhoneModel } from '../phone.ts';
import { isDialable, type MicrophoneFault } from '../phone-machine.ts';
import { useStrings } from './strings.ts';

/** What to do about the microphone, and the way on without one. */
export function MicrophoneHelp({ phone, fault }: { phone: PhoneModel; fault: MicrophoneFault }) {
  const { microphone: words } = useStrings();
  const wayOn = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => wayOn.current?.focus(), []);
  return (
    <div class="microphone-help">
      <p id="microphone-help">{words.faults[fault].help}</p>
      <button
        ref={wayOn}
        type="button"
        class="button"
        aria-describedby="microphone-help"
        disabled={!isDialable(phone.state.value)}
        onClick={phone.dialListening}
      >
        <Icon node={Headphones} />
        {words.listen}
      </button>
    </div>
  );
}
