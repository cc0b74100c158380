import { Dialog } from '../../../ui/dialog.tsx';
import { KeyList } from '../../../ui/key-list.tsx';
import { usePage } from './context.ts';

/** The keys that do something here. None is a letter alone, and none does anything while somebody types. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { strings } = usePage();
  const words = strings.value.shortcuts;
  const { keys } = words;
  return (
    <Dialog title={words.title} onClose={onClose}>
      <h3 class="shortcuts__place">{words.inList}</h3>
      <KeyList
        list={[
          [['↓', '↑'], keys.move],
          [['Page Down', 'Page Up'], keys.page],
          [['Home', 'End'], keys.ends],
          [['Enter'], keys.enter],
        ]}
      />
      <h3 class="shortcuts__place">{words.everywhere}</h3>
      <KeyList
        list={[
          [['Alt ↓', 'Alt ↑'], keys.alt],
          [['Esc'], keys.escape],
          [['Alt P'], keys.pause],
          [['Ctrl K'], keys.search],
          [['Ctrl /'], keys.help],
        ]}
      />
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {strings.value.close}
        </button>
      </form>
    </Dialog>
  );
}
