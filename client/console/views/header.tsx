import { ListTree, Pause, Play } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { ariaKeys } from '../../../ui/list-keys.tsx';
import { FeedChip, PageName } from '../../../ui/page-frame.tsx';
import { usePage } from './context.ts';

export function Header() {
  const { live, strings } = usePage();
  const words = strings.value;
  const isSignedIn = live.session.stage.value.name === 'signed-in';

  return (
    <header class="header">
      <PageName icon={ListTree} words={words} />
      {isSignedIn && (
        <>
          <FeedChip state={live.pause.held.value ? 'paused' : live.feed.value} words={words.feed} />
          <PauseButton />
        </>
      )}
    </header>
  );
}

function PauseButton() {
  const { live, strings } = usePage();
  const words = strings.value.feed;
  const isPaused = live.pause.held.value !== null;
  return (
    <button
      type="button"
      class={isPaused ? 'button button--accent' : 'button'}
      aria-keyshortcuts={ariaKeys('pause')}
      onClick={live.pause.toggle}
    >
      <Icon icon={isPaused ? Play : Pause} />
      {isPaused ? words.resume : words.pause}
    </button>
  );
}
