import { Ear, Mic, MicOff, Phone } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PhoneModel } from '../phone.ts';
import { type BusyCall, isAnswered, isRunning } from '../phone-machine.ts';
import { Icon } from './icon.tsx';
import { Keypad } from './keypad.tsx';
import { LevelMeter } from './level-meter.tsx';

/** A call from the dialling on: what is heard and said, the keys, and the way to end it. */
export function CallPanel({ phone, call }: { phone: PhoneModel; call: BusyCall }) {
  const panel = useRef<HTMLElement>(null);
  // The focus must not get lost with the form, nor land where Enter, still held, presses something.
  useLayoutEffect(() => panel.current?.focus(), []);
  const muted = isRunning(call) && call.muted;
  const takesKeys = isAnswered(call) && phone.state.value.line === 'open';
  return (
    <section ref={panel} class="call-panel" tabIndex={-1} aria-label="This call">
      <div class="levels">
        <Icon node={Ear} />
        <span>You hear</span>
        <LevelMeter read={phone.heard} name="What you hear" />
        <Icon node={muted || call.listening ? MicOff : Mic} />
        <span>You say</span>
        {call.listening ? (
          <span>nothing: you only listen</span>
        ) : (
          <LevelMeter read={muted ? SILENT : phone.said} />
        )}
      </div>
      <Keypad keyed={isAnswered(call) ? call.keyed : ''} press={takesKeys ? phone.press : undefined} />
      <div class="call-actions">
        {!call.listening && (
          <button
            type="button"
            class="button"
            aria-pressed={muted}
            disabled={!isRunning(call)}
            onClick={() => phone.mute(!muted)}
          >
            <Icon node={MicOff} />
            Mute
          </button>
        )}
        <button type="button" class="button button-end" onClick={phone.hangUp}>
          <Icon node={Phone} class="turned" />
          Hang up
        </button>
      </div>
    </section>
  );
}

const SILENT = () => 0;
