import { BellOff, Phone, X } from 'lucide';
import { useRef } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import type { PhoneModel } from '../phone.ts';
import { type IncomingCall, isAnswerable } from '../phone-state.ts';
import type { Ringer } from '../ringer.ts';
import { MicrophoneHelp } from './microphone-help.tsx';
import { useStrings } from './strings.ts';
import { useAnswerFocus } from './use-answer-focus.ts';

interface IncomingPanelProps {
  phone: PhoneModel;
  call: IncomingCall;
  ringer: Pick<Ringer, 'blocked'>;
}

/** The actions for a ringing call. */
export function IncomingPanel({ phone, call, ringer }: IncomingPanelProps) {
  const { incoming: words } = useStrings();
  const answer = useRef<HTMLButtonElement>(null);
  const { fault } = call;
  useAnswerFocus(answer, fault === undefined);
  const answerable = isAnswerable(phone.state.value);
  return (
    <section class="incoming" aria-label={words.panel}>
      {fault !== undefined && (
        <MicrophoneHelp
          titled
          fault={fault}
          wayOn={words.answerListening}
          goOn={answerable ? phone.answerListening : undefined}
        />
      )}
      <div class="incoming-actions">
        <button
          ref={answer}
          type="button"
          class="button button-large button-call"
          disabled={!answerable}
          onClick={phone.answer}
        >
          <Icon icon={Phone} />
          {words.answer}
        </button>
        <button type="button" class="button button-large button-end" onClick={phone.reject}>
          <Icon icon={X} />
          {words.reject}
        </button>
      </div>
      {ringer.blocked.value && (
        <p class="sound-blocked">
          <Icon icon={BellOff} />
          {words.soundBlocked}
        </p>
      )}
    </section>
  );
}
