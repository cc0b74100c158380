import { CirclePause, Mic, MicOff } from 'lucide';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { currentCall } from '../call-state.ts';
import { microphoneNoteIn } from '../status-words.ts';
import { CallActions } from './call-actions.tsx';
import { CallStage } from './call-stage.tsx';
import { usePage } from './context.ts';
import { later } from './later.tsx';
import { LineTrouble } from './line-trouble.tsx';
import { OtherTab } from './other-tab.tsx';
import { SoundBar } from './sound-bar.tsx';
import { WaitingCall } from './waiting-call.tsx';

const AgentSignIn = later(({ AgentSignIn }) => AgentSignIn);
const Keypad = later(({ Keypad }) => Keypad);
const CallExtras = later(({ CallExtras }) => CallExtras, { isQuiet: true });
const TransferDialog = later(({ TransferDialog }) => TransferDialog);
const WrapUp = later(({ WrapUp }) => WrapUp, { isQuiet: true });

/**
 * The call from top to bottom: what is going on, free room, what can be done. The keypad and a second caller
 * use the free room, so that neither the call nor its buttons move.
 */
export function CallCard() {
  const { agent, strings } = usePage();
  const line = agent.line.state.value.name;
  const phase = agent.calls.phase.value;
  const keypad = useOpen(phase.name === 'in-call');
  const transfer = useOpen(phase.name === 'in-call');

  if ((line === 'signed-out' || line === 'signing-in') && currentCall(phase) === null) {
    return (
      <>
        <CallStage />
        <AgentSignIn />
      </>
    );
  }
  return (
    <>
      <div class={`call call--${phase.name}`}>
        <CallStage />
        <div class="call__room">
          {phase.name !== 'in-call' && (
            <>
              <OtherTab />
              <LineTrouble />
              <SoundBar />
              <WrapUp />
            </>
          )}
          <div id="keypad">{keypad.isOpen && <Keypad onClose={keypad.close} />}</div>
          {!keypad.isOpen && <CallNotes />}
        </div>
        <CallActions keypad={keypad} transfer={transfer} />
      </div>
      {keypad.isOpen && <CallNotes />}
      {phase.name === 'in-call' && <LineTrouble />}
      {transfer.isOpen && phase.name === 'in-call' && (
        <TransferDialog
          caller={agent.nameOf(phase.call.from) || strings.value.call.unknownCaller}
          onClose={transfer.close}
        />
      )}
    </>
  );
}

/** What happens beside the call. */
function CallNotes() {
  const { agent } = usePage();
  return (
    <>
      <MicrophoneNote />
      <HoldNote />
      {agent.calls.phase.value.name === 'in-call' && <CallExtras />}
      <WaitingCall />
    </>
  );
}

/** The caller has been on hold for long. */
function HoldNote() {
  const { agent, strings } = usePage();
  const warning = agent.desk.view.value?.call?.holdWarning;
  const { call: words } = strings.value;
  return warning && agent.calls.phase.value.name === 'in-call' ? (
    <p class={warning === 'alarm' ? 'note note--end' : 'note note--trouble'}>
      <Icon icon={CirclePause} />
      {warning === 'alarm' ? words.holdAlarm : words.holdAlert}
    </p>
  ) : null;
}

/** The microphone went away during the call, or came back. */
function MicrophoneNote() {
  const { agent, strings } = usePage();
  const { value: phase } = agent.calls.phase;
  const words = microphoneNoteIn(strings.value.call, phase);
  if (words === null || phase.name !== 'in-call') {
    return null;
  }
  const isLost = phase.microphone === 'lost';
  return (
    <p class={isLost ? 'note note--end' : 'note note--ready'}>
      <Icon icon={isLost ? MicOff : Mic} />
      {words}
    </p>
  );
}

/** Open or not; closed at the end of the call. Closing returns the focus to the button. */
function useOpen(isInCall: boolean) {
  const [isOpen, setOpen] = useState(false);
  const buttonRef = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isInCall) {
      setOpen(false);
    }
  }, [isInCall]);

  const close = useCallback(() => {
    setOpen(false);
    buttonRef.current?.focus();
  }, []);
  return { isOpen: isOpen && isInCall, toggle: () => setOpen(!isOpen), close, buttonRef };
}
