import { Grip, Mic, MicOff, Phone, RotateCcw, X } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { currentCall, type Interruption, isLive, type Phase } from '../call-state.ts';
import { usePage } from './context.ts';
import { useCallFocus } from './use-call-focus.ts';

interface KeypadSwitch {
  isOpen: boolean;
  toggle: () => void;
  buttonRef: { current: HTMLButtonElement | null };
}

/** What can be done with the call. Answer is there before it rings, so that nobody has to look for it. */
export function CallActions({ keypad }: { keypad: KeypadSwitch }) {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const phase = agent.calls.phase.value;
  const focus = useCallFocus(phase.name);
  const callId = currentCall(phase)?.id ?? '';
  const { isSettling, press } = agent.calls;
  const canHangUp = isLive(phase) || phase.name === 'rejoinable';

  return (
    <div class="actions">
      {phase.name === 'in-call' && <Controls phase={phase} muteRef={focus.mute} keypad={keypad} />}
      {phase.name === 'rejoinable' && (
        <Rejoin callId={callId} interruption={phase.interruption} buttonRef={focus.rejoin} />
      )}
      <div class="actions__main">
        {!canHangUp && (
          <button
            type="button"
            class="button button--large button--answer"
            ref={focus.answer}
            disabled={phase.name !== 'ringing'}
            aria-disabled={phase.name === 'ringing' && isSettling('answer', callId)}
            onClick={() => press('answer', callId)}
          >
            <Icon icon={Phone} />
            {actions.answer}
          </button>
        )}
        {phase.name === 'ringing' && (
          <button
            type="button"
            class="button button--large"
            aria-disabled={isSettling('reject', callId)}
            onClick={() => press('reject', callId)}
          >
            <Icon icon={X} />
            {actions.reject}
          </button>
        )}
        {canHangUp && (
          <button
            type="button"
            class="button button--large button--end"
            aria-disabled={isSettling('hang-up', callId)}
            onClick={() => press('hang-up', callId)}
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
  keypad: KeypadSwitch;
}

function Controls({ phase, muteRef, keypad }: ControlsProps) {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const pending = phase.mutedWanted !== null;

  return (
    <div class="controls">
      <button
        type="button"
        class="control"
        ref={muteRef}
        aria-pressed={phase.muted}
        aria-disabled={pending || agent.calls.isSettling('toggle-mute', phase.call.id)}
        data-pending={pending}
        onClick={() => agent.calls.press('toggle-mute', phase.call.id)}
      >
        <Icon icon={phase.muted ? MicOff : Mic} />
        {actions.mute}
      </button>
      <button
        type="button"
        class="control"
        ref={keypad.buttonRef}
        aria-expanded={keypad.isOpen}
        aria-controls="keypad"
        onClick={keypad.toggle}
      >
        <Icon icon={Grip} />
        {actions.keypad}
      </button>
    </div>
  );
}

interface RejoinProps {
  callId: string;
  interruption: Interruption;
  buttonRef: { current: HTMLButtonElement | null };
}

function Rejoin({ callId, interruption, buttonRef }: RejoinProps) {
  const { agent, strings } = usePage();
  const now = useNow(interruption.until);
  const seconds = Math.max(0, Math.ceil((interruption.until - now) / 1_000));
  return (
    <button
      type="button"
      class="button button--large button--accent"
      ref={buttonRef}
      aria-disabled={agent.calls.isSettling('rejoin', callId)}
      onClick={() => agent.calls.press('rejoin', callId)}
    >
      <Icon icon={RotateCcw} />
      {strings.value.actions.rejoin(seconds)}
    </button>
  );
}
