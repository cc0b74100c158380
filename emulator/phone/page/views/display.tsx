import {
  CircleAlert,
  type IconNode,
  MicOff,
  Phone,
  PhoneCall,
  PhoneIncoming,
  PhoneOff,
  PhoneOutgoing,
  Unplug,
} from 'lucide';
import { Icon } from '../../../../ui/icon.tsx';
import { formatNumber } from '../../../../ui/numbers.ts';
import type { PhoneModel } from '../phone.ts';
import { isAnswered, type Phone as PhoneState } from '../phone-state.ts';
import { describePhone } from '../words.ts';
import { CallTimer } from './call-timer.tsx';
import { useStrings } from './strings.ts';

/** The phone's display: its status in words, the time of a call, and a note below. */
export function Display({ phone }: { phone: PhoneModel }) {
  const state = phone.state.value;
  const { call } = state;
  const strings = useStrings();
  const words = describePhone(state, strings);
  const asksForMicrophone = call.phase === 'preparing' || call.phase === 'answering';
  return (
    <section
      class="display"
      data-tone={words.tone}
      data-phase={call.phase}
      aria-label={strings.status.display}
    >
      <span class="display-icon">
        <Icon icon={iconOf(state)} />
      </span>
      <p
        role="status"
        aria-label={strings.status.name}
        // An alert already says it.
        aria-live={call.phase === 'incoming' ? 'off' : 'polite'}
        class="status"
      >
        <span class={words.number === undefined ? 'status-words' : 'status-lead'}>
          {withWholeNumbers(words.before)}
        </span>
        {words.number !== undefined && (
          <>
            {' '}
            <span class="status-number">
              {formatNumber(words.number)}
              {words.after}
            </span>
          </>
        )}
      </p>
      {isAnswered(call) && <CallTimer key={call.phase} since={call.since} />}
      {/* The browser itself announces that it asks for the microphone. */}
      <p class="note" aria-live={asksForMicrophone ? 'off' : 'polite'}>
        {words.note}
      </p>
    </section>
  );
}

/** The text with each phone number kept on one line. */
function withWholeNumbers(text: string) {
  return text.split(/(\+\d[\d ]+\d)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <span key={at} class="whole">
        {part}
      </span>
    ),
  );
}

function iconOf({ line, call }: PhoneState): IconNode {
  switch (call.phase) {
    case 'idle':
      return line === 'open' ? Phone : Unplug;
    case 'no-microphone':
      return MicOff;
    case 'preparing':
    case 'dialling':
    case 'ringing':
      return PhoneOutgoing;
    case 'incoming':
    case 'answering':
      return PhoneIncoming;
    case 'answered':
    case 'talking':
      return PhoneCall;
    case 'ended':
      return call.ending.kind === 'refused' ? CircleAlert : PhoneOff;
  }
}
