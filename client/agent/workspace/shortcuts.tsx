import { Keyboard } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { createChoice } from '../../../ui/choice.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { safeStorage } from '../../../ui/safe-storage.ts';
import { listenForShortcuts } from '../../../ui/shortcuts.ts';
import { SHORTCUTS } from '../views/shortcut-keys.ts';
import { useWorkspace } from './use-workspace.ts';

/** Whether keys do something, as the agent chose. */
const use = createChoice<'on' | 'off'>(
  safeStorage(() => localStorage),
  'switchboard.agent-keys',
  { on: true, off: true },
  'on',
);

/** Listens for the page's keys, and lists them. */
export function Shortcuts() {
  const { panes, words } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const isOn = use.value === 'on';

  useEffect(() => {
    const help = () => setOpen(true);
    const acts = SHORTCUTS.map(({ name, key }) => [key, () => pressOf(name)] as const);
    function pressOf(name: (typeof SHORTCUTS)[number]['name']): void {
      if (name === 'note') {
        panes.shown.value = 'caller';
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-note]')?.focus());
        return;
      }
      document.querySelector<HTMLElement>(`[data-key="${name}"]`)?.click();
    }
    const keys = isOn ? { ...Object.fromEntries(acts), '?': help } : {};
    return listenForShortcuts(document, { ...keys, 'Ctrl+/': help }, () => isOn);
  }, [isOn]);

  const text = words.keys;
  return (
    <>
      <button type="button" class="button button--text" onClick={() => setOpen(true)}>
        <Icon icon={Keyboard} />
        {text.open}
      </button>
      {isOpen && (
        <Dialog title={text.title} onClose={() => setOpen(false)}>
          <dl class="shortcuts">
            {SHORTCUTS.map(({ name, key }) => (
              <div key={name} class="shortcuts__item">
                <dt>{text[name]}</dt>
                <dd>
                  <kbd>{key.replace('+Key', ' ')}</kbd>
                </dd>
              </div>
            ))}
            <div class="shortcuts__item">
              <dt>{text.help}</dt>
              <dd>
                <kbd>?</kbd> <kbd>Ctrl /</kbd>
              </dd>
            </div>
          </dl>
          <label class="shortcuts__on">
            <input
              type="checkbox"
              checked={isOn}
              onChange={({ currentTarget }) => {
                use.value = currentTarget.checked ? 'on' : 'off';
              }}
            />
            {text.on}
          </label>
          <div class="dialog__actions">
            <button type="button" class="button" onClick={() => setOpen(false)}>
              {words.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
