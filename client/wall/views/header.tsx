import { LayoutDashboard, Maximize2, Volume2, VolumeX } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { FeedChip, PageName } from '../../../ui/page-frame.tsx';
import { usePage } from './context.ts';

export function Header() {
  const { live, strings } = usePage();
  const words = strings.value;
  const isIn = live.session.stage.value.name === 'signed-in';
  return (
    <header class="header">
      <PageName icon={LayoutDashboard} words={words} />
      {isIn && (
        <>
          <FeedChip state={live.feed.value} words={words.feed} />
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
