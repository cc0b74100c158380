import { Ear, Mic, MicOff, Phone } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import type { PhoneModel } from '../phone.ts';
import { type BusyCall, isAnswered, isRunning } from '../phone-state.ts';
import { Keypad } from './keypad.tsx';
import { LevelMeter } from './level-meter.tsx';
import { SpeechBox } from './speech-box.tsx';
import { useStrings } from './strings.ts';

/** A call that is dialled or answered: levels, keypad, Mute and Hang up, speech. */
export function CallPanel({ phone, call }: { phone: PhoneModel; call: BusyCall }) {
  const { call: words } = useStrings();
  const panel = useRef<HTMLElement>(null);
  // Keeps the focus when the form goes, away from any button that a held Enter would press.
  useLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const muted = isRunning(call) && call.muted;
  const isReached = isAnswered(call) && phone.state.value.line === 'open';
  return (
    <section ref={panel} class="call-panel" tabIndex={-1} aria-label={words.panel}>
      <div class="levels">
        <Icon icon={Ear} />
        <span>{words.youHear}</span>
        <LevelMeter read={phone.heard} name={words.whatYouHear} />
        <Icon icon={muted || call.listening ? MicOff : Mic} />
        <span>{words.youSay}</span>
        {call.listening ? (
          <span>{words.onlyListening}</span>
        ) : (
          <LevelMeter read={muted ? SILENT : phone.said} />
        )}
      </div>
      <Keypad keyed={isAnswered(call) ? call.keyed : ''} press={isReached ? phone.press : undefined} />
      {!call.listening && (
        <label class="keys-in-band">
          <input
            type="checkbox"
            checked={phone.keysInBand.value}
            onChange={(event) => {
              phone.keysInBand.value = event.currentTarget.checked;
            }}
          />
          {words.keysInBand}
        </label>
      )}
      <div class="call-actions">
        {!call.listening && (
          <button
            type="button"
            class="button"
            aria-pressed={muted}
            disabled={!isRunning(call)}
            onClick={() => phone.mute(!muted)}
          >
            <Icon icon={muted ? MicOff : Mic} />
            {words.mute}
          </button>
        )}
        <button type="button" class="button button-end" onClick={phone.hangUp}>
          <Icon icon={Phone} class="turned" />
          {words.hangUp}
        </button>
      </div>
      {isAnswered(call) && <SpeechBox said={call.said} say={isReached ? phone.say : undefined} />}
    </section>
  );
}

const SILENT = () => 0;
