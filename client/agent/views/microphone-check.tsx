import { Mic, MicOff, Volume2 } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { currentCall } from '../call-state.ts';
import { isProblem } from '../microphone.ts';
import { usePage } from './context.ts';
import { later } from './later.tsx';

const AudioPanel = later(({ AudioPanel }) => AudioPanel, { isQuiet: true });

/** Whether callers will hear the agent, found out before the first call. */
export function MicrophoneCheck() {
  const { agent, microphone, strings } = usePage();
  const words = strings.value.microphone;
  const state = microphone.state.value;
  const problem = isProblem(state) ? state : null;
  const line = agent.line.state.value.name;
  const [isAudioOpen, setAudioOpen] = useState(false);
  const inCall = currentCall(agent.calls.phase.value) !== null;
  if (
    (inCall && !problem && state !== 'asking') ||
    ['signed-out', 'signing-in', 'following'].includes(line)
  ) {
    return null;
  }
  return (
    <section class={problem ? 'microphone microphone--problem' : 'microphone'}>
      <Icon icon={problem ? MicOff : Mic} class="microphone__icon" />
      <div class="microphone__words" aria-live="polite">
        <h2 class="microphone__title">{problem ? words.problems[problem] : words.name}</h2>
        <p>{isProblem(state) ? words.advice[state] : words[state]}</p>
        {state === 'listening' && <Level />}
      </div>
      {!inCall && state !== 'listening' && (
        <button type="button" class="button" onClick={() => void microphone.check()}>
          {words.check}
        </button>
      )}
      {!inCall && (
        <button type="button" class="button" onClick={() => setAudioOpen(true)}>
          <Icon icon={Volume2} />
          {strings.value.devices.open}
        </button>
      )}
      {isAudioOpen && <AudioPanel onClose={() => setAudioOpen(false)} />}
    </section>
  );
}

function Level() {
  const { microphone, strings } = usePage();
  return (
    <meter
      class="level"
      aria-label={strings.value.microphone.level}
      min={0}
      max={1}
      value={microphone.level.value}
    />
  );
}
