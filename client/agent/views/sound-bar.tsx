import { Bell } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { usePage } from './context.ts';

/** The browser keeps a fresh page silent, which is no fault: one click lets it ring. */
export function SoundBar() {
  const { agent, sound, strings } = usePage();
  const line = agent.line.state.value.name;
  if (!sound.blocked.value || ['signed-out', 'signing-in', 'following'].includes(line)) {
    return null;
  }
  return (
    <button type="button" class="bar" onClick={() => void sound.unblock()}>
      <Icon icon={Bell} />
      {strings.value.sound.blocked}
    </button>
  );
}
