import { ExternalLink, type IconNode, Pause, Radio, RefreshCw } from 'lucide';
import { Icon } from './icon.tsx';

/** Green, amber and red mean ready, trouble and end; `calling` is a call that wants an answer. */
export type Tone = 'ready' | 'trouble' | 'end' | 'calling' | 'neutral';

/** What the page is, at its top. */
export function PageName({ icon, words }: { icon: IconNode; words: { product: string; title: string } }) {
  return (
    <>
      <Icon icon={icon} class="header__mark" />
      <h1 class="header__names">
        <span class="header__product">{words.product}</span> <span class="header__page">{words.title}</span>
      </h1>
    </>
  );
}

type FeedChipState = 'connecting' | 'live' | 'reconnecting' | 'paused';

const CHIPS: Readonly<Record<FeedChipState, { icon: IconNode; tone: Tone }>> = {
  connecting: { icon: RefreshCw, tone: 'neutral' },
  live: { icon: Radio, tone: 'ready' },
  reconnecting: { icon: RefreshCw, tone: 'trouble' },
  paused: { icon: Pause, tone: 'neutral' },
};

interface FeedChipProps<State extends FeedChipState> {
  state: State;
  words: Readonly<Record<State | 'label', string>>;
}

/** Whether the page shows what is true now. */
export function FeedChip<State extends FeedChipState>({ state, words }: FeedChipProps<State>) {
  const { icon, tone } = CHIPS[state];
  return (
    <p class={`chip chip--${tone}`} role="status">
      <Icon icon={icon} />
      <span class="visually-hidden">{words.label}: </span>
      {words[state]}
    </p>
  );
}

/** A link of a page's footer, which opens beside the page. */
export function FooterLink({ href, words }: { href: string; words: string }) {
  return (
    <a href={href} target="_blank" rel="noopener">
      {words}
      <Icon icon={ExternalLink} />
    </a>
  );
}
