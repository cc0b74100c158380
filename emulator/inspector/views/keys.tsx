import { Dialog } from '../../../ui/dialog.tsx';
import { KeyList } from '../../../ui/key-list.tsx';
import { usePage } from './context.ts';

/** The keys that do something here, and whether single letters are among them. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { lettersAllowed, strings } = usePage();
  const words = strings.keys;
  return (
    <Dialog title={words.title} onClose={onClose}>
      <KeyList
        list={[
          [['j', 'k', '↓', '↑'], words.move],
          [['Home', 'End'], words.ends],
          [['Enter'], words.enter],
          [['Esc'], words.leave],
          [['/'], words.search],
          [['r'], words.resend],
          [['c'], words.curl],
          [['p'], words.pause],
          [['?'], words.help],
        ]}
      />
      <label class="keys-letters">
        <input
          type="checkbox"
          checked={lettersAllowed.value}
          onChange={(event) => {
            lettersAllowed.value = event.currentTarget.checked;
          }}
        />
        {words.letters}
      </label>
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </Dialog>
  );
}
