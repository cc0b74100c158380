import { Grip, Mic, MicOff, Phone, RotateCcw, X } from 'lucide';
import { useCallback, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { type Interruption, isLive, type Phase } from '../call-state.ts';
import { usePage } from './context.ts';
import { Keypad } from './keypad.tsx';
import { useCallFocus } from './use-call-focus.ts';

/** What can be done with the call. Answer is always there, so that nobody has to look for it. */
export function CallActions() {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const phase = agent.calls.phase.value;
  const focus = useCallFocus(phase.name);
  const dispatch = agent.calls.dispatch;
  const canHangUp = isLive(phase) || phase.name === 'rejoinable';

  return (
    <div class="actions">
      {phase.name === 'in-call' && <Controls phase={phase} muteRef={focus.mute} />}
      {phase.name === 'rejoinable' && <Rejoin interruption={phase.interruption} buttonRef={focus.rejoin} />}
      <div class={canHangUp ? 'actions__main actions__main--busy' : 'actions__main'}>
        <button
          type="button"
          class="button button--large button--answer"
          ref={focus.answer}
          disabled={phase.name !== 'ringing'}
          onClick={() => dispatch({ type: 'answer' })}
        >
          <Icon icon={Phone} />
          {actions.answer}
        </button>
        {phase.name === 'ringing' && (
          <button
            type="button"
            class="button button--large"
            onClick={() => dispatch({ type: 'reject', at: Date.now() })}
          >
            <Icon icon={X} />
            {actions.reject}
          </button>
        )}
        {canHangUp && (
          <button
            type="button"
            class="button button--large button--end"
            onClick={(event) => {
              // The second half of a double click was meant for Answer, which stood here.
              if (event.detail < 2) {
                dispatch({ type: 'hang-up', at: Date.now() });
              }
            }}
          >
            <Icon icon={Phone} class="icon--hung-up" />
            {actions.hangUp}
          </button>
        )}
      </div>
    </div>
  );
}

interface ControlsProps {
  phase: Extract<Phase, { name: 'in-call' }>;
  muteRef: { current: HTMLButtonElement | null };
}

function Controls({ phase, muteRef }: ControlsProps) {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const [keypadOpen, setKeypadOpen] = useState(false);
  const keypadButton = useRef<HTMLButtonElement>(null);
  const pending = phase.mutedWanted !== null;

  const closeKeypad = useCallback(() => {
    setKeypadOpen(false);
    keypadButton.current?.focus();
  }, []);

  return (
    <>
      <div class="controls">
        <button
          type="button"
          class="control"
          ref={muteRef}
          aria-pressed={phase.muted}
          aria-disabled={pending}
          onClick={() => agent.calls.dispatch({ type: 'toggle-mute' })}
        >
          <Icon icon={phase.muted ? MicOff : Mic} />
          {actions.mute}
        </button>
        <button
          type="button"
          class="control"
          ref={keypadButton}
          aria-expanded={keypadOpen}
          aria-controls="keypad"
          onClick={() => setKeypadOpen(!keypadOpen)}
        >
          <Icon icon={Grip} />
          {actions.keypad}
        </button>
      </div>
      <div id="keypad">{keypadOpen && <Keypad onClose={closeKeypad} />}</div>
    </>
  );
}

interface RejoinProps {
  interruption: Interruption;
  buttonRef: { current: HTMLButtonElement | null };
}

function Rejoin({ interruption, buttonRef }: RejoinProps) {
  const { agent, strings } = usePage();
  const now = useNow(interruption.until);
  const seconds = Math.max(0, Math.ceil((interruption.until - now) / 1_000));
  return (
    <button
      type="button"
      class="button button--large button--accent"
      ref={buttonRef}
      onClick={() => agent.calls.dispatch({ type: 'rejoin' })}
    >
      <Icon icon={RotateCcw} />
      {strings.value.actions.rejoin(seconds)}
    </button>
  );
}
