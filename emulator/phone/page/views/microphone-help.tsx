import { Headphones, MicOff } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import type { MicrophoneFault } from '../phone-state.ts';
import { useStrings } from './strings.ts';

interface MicrophoneHelpProps {
  fault: MicrophoneFault;
  /** Whether it shows the problem as a title. */
  titled?: boolean;
  /** Label of the button that continues without a microphone. */
  wayOn: string;
  /** Continues without a microphone; undefined while that is impossible. */
  goOn: (() => void) | undefined;
}

/** Help with the microphone, and a button to continue without it. */
export function MicrophoneHelp({ fault, titled = false, wayOn, goOn }: MicrophoneHelpProps) {
  const { title, help } = useStrings().microphone.faults[fault];
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <div class="microphone-help">
      <p id="microphone-help">
        {titled && (
          <strong>
            <Icon icon={MicOff} />
            {title}.{' '}
          </strong>
        )}
        {help}
      </p>
      <button
        ref={button}
        type="button"
        class="button"
        aria-describedby="microphone-help"
        disabled={goOn === undefined}
        onClick={goOn}
      >
        <Icon icon={Headphones} />
        {wayOn}
      </button>
    </div>
  );
}
