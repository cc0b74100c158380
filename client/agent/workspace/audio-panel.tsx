import { Bell, Mic, Square, Volume2 } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ChoiceSelect } from '../../../ui/choice-select.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import type { DeviceUse } from '../devices.ts';
import { useWorkspace } from './use-workspace.ts';

const icons = { microphone: Mic, speaker: Volume2, ringer: Bell };
const uses: readonly DeviceUse[] = ['microphone', 'speaker', 'ringer'];

/** Which device is used for what, how loud it is, and how the ringtone sounds; in a call as well. */
export function AudioPanel({ onClose }: { onClose: () => void }) {
  const { devices, words } = useWorkspace();
  const text = words.audio;
  const named = uses.filter((use) => Object.keys(devices.options[use].value).length > 0);
  return (
    <Dialog title={text.title} onClose={onClose}>
      <div class="audio">
        {named.map((use) => (
          <ChoiceSelect
            key={use}
            icon={icons[use]}
            label={text[use]}
            options={{ '': `${text[use]}: ${text.system}`, ...devices.options[use].value }}
            value={devices.chosen[use].value}
            onChange={(id) => devices.choose(use, id)}
          />
        ))}
        {named.length === 0 && <p class="audio__note">{text.unnamed}</p>}
        <Volume use="speaker" label={text.volume} />
        <Volume use="ringer" label={text.ringVolume} />
        <TestRing />
      </div>
      <div class="dialog__actions">
        <button type="button" class="button" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </Dialog>
  );
}

function Volume({ use, label }: { use: 'speaker' | 'ringer'; label: string }) {
  const { devices } = useWorkspace();
  return (
    <label class="audio__volume">
      <span>{label}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        value={devices.volume[use].value}
        onInput={({ currentTarget }) => devices.setVolume(use, currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function TestRing() {
  const { devices, sound, words } = useWorkspace();
  const [isRinging, setRinging] = useState(false);
  const stop = useRef(() => {});
  const volume = devices.volume.ringer.value;

  useEffect(() => {
    if (!isRinging) {
      return;
    }
    // The volume of a ring that sounds stays as it began.
    stop.current = sound.ring();
    return () => stop.current();
  }, [isRinging, volume]);

  return (
    <button type="button" class="button" onClick={() => setRinging(!isRinging)}>
      <Icon icon={isRinging ? Square : Bell} />
      {isRinging ? words.audio.stopRing : words.audio.testRing}
    </button>
  );
}
