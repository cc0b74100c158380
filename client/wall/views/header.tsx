import { type IconNode, LayoutDashboard, Maximize2, Radio, RefreshCw, Volume2, VolumeX } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import type { Tone } from '../board.ts';
import { usePage } from './context.ts';

export function Header() {
  const { live, strings } = usePage();
  const words = strings.value;
  const isIn = live.session.stage.value.name === 'signed-in';
  return (
    <header class="header">
      <Icon icon={LayoutDashboard} class="header__mark" />
      <h1 class="header__names">
        <span class="header__product">{words.product}</span> <span class="header__page">{words.title}</span>
      </h1>
      {isIn && (
        <>
          <FeedChip />
          <SoundButton />
          <a class="button header__link" href="#big">
            <Icon icon={Maximize2} />
            <span class="header__label">{words.big.open}</span>
          </a>
        </>
      )}
    </header>
  );
}

const chips: Record<'connecting' | 'live' | 'reconnecting', { icon: IconNode; tone: Tone }> = {
  connecting: { icon: RefreshCw, tone: 'neutral' },
  live: { icon: Radio, tone: 'ready' },
  reconnecting: { icon: RefreshCw, tone: 'trouble' },
};

/** Whether what is shown is what is. */
export function FeedChip() {
  const { live, strings } = usePage();
  const words = strings.value.feed;
  const state = live.feed.value;
  const { icon, tone } = chips[state];
  return (
    <p class={`chip chip--${tone}`} role="status">
      <Icon icon={icon} />
      <span class="visually-hidden">{words.label}: </span>
      {words[state]}
    </p>
  );
}

function SoundButton() {
  const { isSoundOn, sound, strings } = usePage();
  const words = strings.value.alarms;
  const [isBlocked, setBlocked] = useState(false);
  const isOn = isSoundOn.value;

  async function toggle(): Promise<void> {
    if (isOn) {
      sound.switchOff();
      isSoundOn.value = false;
      return;
    }
    const canBeHeard = await sound.switchOn();
    isSoundOn.value = canBeHeard;
    setBlocked(!canBeHeard);
  }

  return (
    <>
      {isBlocked && (
        <span role="alert" class="header__note">
          {words.soundBlocked}
        </span>
      )}
      <button type="button" class="button" aria-pressed={isOn} onClick={() => void toggle()}>
        <Icon icon={isOn ? Volume2 : VolumeX} />
        <span class="header__label">{words.sound}</span>
      </button>
    </>
  );
}
