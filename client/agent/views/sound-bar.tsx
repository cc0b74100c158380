import { BellOff } from 'lucide';
import { Icon } from '../../parts/icon.tsx';
import { usePage } from './context.ts';

/** The browser would keep the ring silent: one click allows it. */
export function SoundBar() {
  const { agent, sound, strings } = usePage();
  const line = agent.line.state.value.name;
  if (!sound.blocked.value || line === 'signed-out' || line === 'signing-in') {
    return null;
  }
  return (
    <button type="button" class="bar" onClick={() => void sound.unblock()}>
      <Icon icon={BellOff} />
      {strings.value.sound.blocked}
    </button>
  );
}
