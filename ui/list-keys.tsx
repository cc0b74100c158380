import type { Signal } from '@preact/signals';
import { createChoice } from './choice.ts';
import { Dialog } from './dialog.tsx';
import { entriesOf } from './entries.ts';
import { type Act, listenForShortcuts } from './shortcuts.ts';

/** What keys do on each page that has a list, and beside it one thing of the list. */
type Action = 'next' | 'previous' | 'search' | 'pause' | 'help' | 'back';

/**
 * The same keys for the same things on all such pages: their names, and how they are shown. Each has one that is no
 * letter or sign alone, for those whose screen reader takes these, and who turned them off.
 */
const KEYS: Readonly<Record<Action, Readonly<Record<string, string>>>> = {
  next: { j: 'j', 'Alt+ArrowDown': 'Alt ↓' },
  previous: { k: 'k', 'Alt+ArrowUp': 'Alt ↑' },
  search: { '/': '/', 'Ctrl+k': 'Ctrl K' },
  pause: { p: 'p', 'Alt+KeyP': 'Alt P' },
  help: { '?': '?', 'Ctrl+/': 'Ctrl /' },
  back: { Escape: 'Esc' },
};

/** `on`: letters and signs alone do something, too. */
export type SingleKeys = 'on' | 'off';

/** Whether letters and signs alone do something, as it was chosen. */
export function createSingleKeys(storage: Pick<Storage, 'getItem' | 'setItem'>): Signal<SingleKeys> {
  return createChoice<SingleKeys>(storage, 'switchboard.single-keys', { on: true, off: true }, 'on');
}

/**
 * Listens for the keys of a page with a list. Returns how to stop.
 * @param others keys that only this page has
 */
export function listenForListKeys(
  target: Document,
  actions: Readonly<Record<Action, Act>>,
  singleKeys: Signal<SingleKeys>,
  others: Readonly<Record<string, Act>> = {},
): () => void {
  const keys = entriesOf(KEYS).flatMap(([action, names]) =>
    Object.keys(names).map((name) => [name, actions[action]] as const),
  );
  const areLettersAllowed = () => singleKeys.peek() === 'on';
  return listenForShortcuts(target, { ...Object.fromEntries(keys), ...others }, areLettersAllowed);
}

/** The keys of an action for `aria-keyshortcuts`. */
export function ariaKeys(action: Action): string {
  const names = Object.keys(KEYS[action]);
  return names.map((name) => name.replace('Ctrl', 'Control').replace('Key', '')).join(' ');
}

/** The keys of actions as they are shown, the single ones first. */
function shownKeys(...actions: Action[]): string[] {
  return actions.flatMap((action) => Object.values(KEYS[action])).sort((a, b) => a.length - b.length);
}

/** What the dialog says of the keys. */
export interface ListKeysWords {
  title: string;
  inList: string;
  everywhere: string;
  move: string;
  page: string;
  ends: string;
  enter: string;
  search: string;
  pause: string;
  back: string;
  help: string;
  singleKeys: string;
  close: string;
}

interface ListKeysDialogProps {
  words: ListKeysWords;
  singleKeys: Signal<SingleKeys>;
  /** Keys that only this page has, and what each does. */
  others?: readonly KeyMeaning[];
  onClose: () => void;
}

type KeyMeaning = readonly [keys: readonly string[], meaning: string];

/** The keys that do something on the page, and whether single keys are among them. */
export function ListKeysDialog({ words, singleKeys, others = [], onClose }: ListKeysDialogProps) {
  return (
    <Dialog title={words.title} onClose={onClose}>
      <h3 class="keys__place">{words.inList}</h3>
      <Keys
        list={[
          [['↓', '↑'], words.move],
          [['Page Down', 'Page Up'], words.page],
          [['Home', 'End'], words.ends],
          [['Enter'], words.enter],
        ]}
      />
      <h3 class="keys__place">{words.everywhere}</h3>
      <Keys
        list={[
          [shownKeys('next', 'previous'), words.move],
          [shownKeys('search'), words.search],
          [shownKeys('pause'), words.pause],
          ...others,
          [shownKeys('back'), words.back],
          [shownKeys('help'), words.help],
        ]}
      />
      <label class="keys__single">
        <input
          type="checkbox"
          checked={singleKeys.value === 'on'}
          onChange={(event) => {
            singleKeys.value = event.currentTarget.checked ? 'on' : 'off';
          }}
        />
        {words.singleKeys}
      </label>
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </Dialog>
  );
}

/** Keys and what they do, one below the other. */
function Keys({ list }: { list: readonly KeyMeaning[] }) {
  return (
    <dl class="keys">
      {list.map(([keys, meaning]) => (
        <div key={meaning} class="keys__item">
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
