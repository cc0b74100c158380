import { Headphones, MicOff } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import type { MicrophoneFault } from '../phone-state.ts';
import { useStrings } from './strings.ts';

interface MicrophoneHelpProps {
  fault: MicrophoneFault;
  /** Whether it says itself what is wrong. */
  titled?: boolean;
  /** What the way on without a microphone is called. */
  wayOn: string;
  /** Takes it; undefined while that cannot be done. */
  goOn: (() => void) | undefined;
}

/** What to do about the microphone, and the way on without one. */
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
