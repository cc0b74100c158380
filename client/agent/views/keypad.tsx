import { useEffect, useState } from 'preact/hooks';
import { isForPage, PHONE_KEYS, phoneKeyOf } from '../../../ui/phone-keys.ts';
import { usePage } from './context.ts';

/** How many of the keys that were sent fit into a line. */
const SHOWN = 15;

/** Sends keys to the other side, clicked or typed; Escape closes it. */
export function Keypad({ onClose }: { onClose: () => void }) {
  const { agent, strings } = usePage();
  const { actions, keypad } = strings.value;
  const [sent, setSent] = useState('');
  const [failed, setFailed] = useState(false);

  async function send(key: string): Promise<void> {
    setSent((earlier) => earlier + key);
    setFailed(!(await agent.calls.sendDigits(key)));
  }

  useEffect(() => {
    function typed(event: KeyboardEvent): void {
      if (!isForPage(event) || event.repeat) {
        return;
      }
      const key = phoneKeyOf(event);
      if (event.key === 'Escape') {
        onClose();
      } else if (key !== undefined) {
        void send(key);
      }
    }
    document.addEventListener('keydown', typed);
    return () => document.removeEventListener('keydown', typed);
  }, [onClose]);

  const names: Record<string, string> = { '*': keypad.star, '#': keypad.hash };
  return (
    <div class="keypad">
      <p class="keypad__sent" data-empty={sent === ''}>
        <span class="visually-hidden">{keypad.typed}: </span>
        {sent.length > SHOWN ? `…${sent.slice(-SHOWN)}` : sent}
      </p>
      <fieldset aria-label={actions.keypad} class="keypad__keys">
        {PHONE_KEYS.map(([key]) => (
          <button type="button" class="key" key={key} aria-label={names[key]} onClick={() => void send(key)}>
            {key}
          </button>
        ))}
      </fieldset>
      {failed && <p class="keypad__failed">{keypad.failed}</p>}
    </div>
  );
}
