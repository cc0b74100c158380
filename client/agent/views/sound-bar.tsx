import { Bell, VolumeX } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { usePage } from './context.ts';

/** One click lets a fresh page ring; where there is nothing to ring on, no click helps. */
export function SoundBar() {
  const { agent, sound, strings } = usePage();
  const line = agent.line.state.value.name;
  if (sound.state.value === 'on' || ['signed-out', 'signing-in', 'following'].includes(line)) {
    return null;
  }
  if (sound.state.value === 'none') {
    return (
      <p class="note note--end">
        <Icon icon={VolumeX} />
        {strings.value.sound.none}
      </p>
    );
  }
  return (
    <button type="button" class="bar" onClick={() => void sound.unblock()}>
      <Icon icon={Bell} />
      {strings.value.sound.blocked}
    </button>
  );
}
