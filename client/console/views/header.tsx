import { type IconNode, ListTree, Pause, Play, Radio, RefreshCw } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { ariaKeys } from '../../../ui/list-keys.tsx';
import type { Tone } from '../call-words.ts';
import { usePage } from './context.ts';

export function Header() {
  const { live, strings } = usePage();
  const words = strings.value;
  const isSignedIn = live.session.stage.value.name === 'signed-in';

  return (
    <header class="header">
      <Icon icon={ListTree} class="header__mark" />
      <h1 class="header__names">
        <span class="header__product">{words.product}</span> <span class="header__page">{words.title}</span>
      </h1>
      {isSignedIn && (
        <>
          <FeedChip />
          <PauseButton />
        </>
      )}
    </header>
  );
}

/** Whether what is shown is what is. */
function FeedChip() {
  const { live, strings } = usePage();
  const words = strings.value.feed;
  const state = live.pause.held.value ? 'paused' : live.feed.value;
  const { icon, tone } = chips[state];
  return (
    <p class={`chip chip--${tone}`} role="status">
      <Icon icon={icon} />
      <span class="visually-hidden">{words.label}: </span>
      {words[state]}
    </p>
  );
}

const chips: Record<'connecting' | 'live' | 'reconnecting' | 'paused', { icon: IconNode; tone: Tone }> = {
  connecting: { icon: RefreshCw, tone: 'neutral' },
  live: { icon: Radio, tone: 'ready' },
  reconnecting: { icon: RefreshCw, tone: 'trouble' },
  paused: { icon: Pause, tone: 'neutral' },
};

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
