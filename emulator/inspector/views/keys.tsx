import { useEffect, useId, useRef } from 'preact/hooks';
import { usePage } from './context.ts';

/** The keys that do something here, and whether single letters are among them. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { lettersAllowed, strings } = usePage();
  const words = strings.keys;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const list: [keys: string[], meaning: string][] = [
    [['j', 'k', '↓', '↑'], words.move],
    [['Home', 'End'], words.ends],
    [['Enter'], words.enter],
    [['Esc'], words.leave],
    [['/'], words.search],
    [['r'], words.resend],
    [['c'], words.curl],
    [['p'], words.pause],
    [['?'], words.help],
  ];
  return (
    <dialog ref={dialog} class="keys" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{words.title}</h2>
      <dl>
        {list.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
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
      <form method="dialog">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </dialog>
  );
}
