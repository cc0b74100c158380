import { Grip, Mic, MicOff, Pause, Phone, PhoneForwarded, RotateCcw, X } from 'lucide';
import type { AgentDesk } from '../../../domain/api/desk-api.ts';
import type { Control } from '../../../domain/desk/controls.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { currentCall, type Interruption, isLive, type Phase } from '../call-state.ts';
import { usePage } from './context.ts';
import { useCallFocus } from './use-call-focus.ts';

/** What is opened and closed by a button. */
interface Switch {
  isOpen: boolean;
  toggle: () => void;
  buttonRef: { current: HTMLButtonElement | null };
}

/** What can be done with the call. Answer is there before it rings, so that nobody has to look for it. */
export function CallActions({ keypad, transfer }: { keypad: Switch; transfer: Switch }) {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const phase = agent.calls.phase.value;
  const focus = useCallFocus(phase.name);
  const callId = currentCall(phase)?.id ?? '';
  const { isSettling, press } = agent.calls;
  const canHangUp = isLive(phase) || phase.name === 'rejoinable';

  return (
    <div class="actions">
      {phase.name === 'in-call' && (
        <Controls phase={phase} muteRef={focus.mute} keypad={keypad} transfer={transfer} />
      )}
      {phase.name === 'rejoinable' && (
        <Rejoin callId={callId} interruption={phase.interruption} buttonRef={focus.rejoin} />
      )}
      <div class="actions__main">
        {!canHangUp && (
          <button
            type="button"
            data-key="answer"
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
            data-key="reject"
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
            data-key="hangUp"
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
  keypad: Switch;
  transfer: Switch;
}

function Controls({ phase, muteRef, keypad, transfer }: ControlsProps) {
  const { agent, strings } = usePage();
  const { actions } = strings.value;
  const pending = phase.mutedWanted !== null;
  const isAtDesk = agent.desk.isOn.value;

  return (
    <div class={isAtDesk ? 'controls controls--desk' : 'controls'}>
      <button
        type="button"
        data-key="mute"
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
      {isAtDesk && <Hold />}
      <button
        type="button"
        data-key="keypad"
        class="control"
        ref={keypad.buttonRef}
        aria-expanded={keypad.isOpen}
        aria-controls="keypad"
        onClick={keypad.toggle}
      >
        <Icon icon={Grip} />
        {actions.keypad}
      </button>
      {isAtDesk && <Transfer transfer={transfer} />}
    </div>
  );
}

type OwnCall = NonNullable<AgentDesk['call']>;

/** Swaps who is on hold: the caller or the second person. */
function holdControl({ consult, heldSince }: OwnCall): Control {
  if (consult !== null && (heldSince !== null || consult.state !== 'talking')) {
    return { action: 'swap' };
  }
  return { action: heldSince === null ? 'hold' : 'resume' };
}

/** Only whose call it is can hold and transfer it: for others nothing is there, and nothing moves. */
function isOwn(call: OwnCall | null | undefined): boolean {
  return call == null || call.role === 'agent';
}

function Hold() {
  const { agent, strings } = usePage();
  const call = agent.desk.view.value?.call;
  const asked = agent.desk.asked.value;
  const isPending = asked?.state === 'pending' && ['hold', 'resume', 'swap'].includes(asked.action);
  return isOwn(call) ? (
    <button
      type="button"
      data-key="hold"
      class="control"
      aria-pressed={call?.heldSince != null}
      aria-disabled={!call || asked?.state === 'pending'}
      data-pending={isPending}
      onClick={() => call && void agent.desk.control(holdControl(call))}
    >
      <Icon icon={Pause} />
      {strings.value.actions.hold}
    </button>
  ) : (
    <span />
  );
}

function Transfer({ transfer }: { transfer: Switch }) {
  const { agent, strings } = usePage();
  const call = agent.desk.view.value?.call;

  function open(): void {
    if (call?.consult) {
      // Whom to is decided: what is left to do stands there.
      document.querySelector<HTMLElement>('.consult button')?.focus();
    } else if (call) {
      transfer.toggle();
    }
  }

  return isOwn(call) ? (
    <button
      type="button"
      data-key="transfer"
      class="control"
      ref={transfer.buttonRef}
      aria-haspopup="dialog"
      aria-disabled={!call}
      onClick={open}
    >
      <Icon icon={PhoneForwarded} />
      {strings.value.actions.transfer}
    </button>
  ) : null;
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
