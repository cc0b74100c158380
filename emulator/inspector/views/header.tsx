import { ArrowLeftRight, Download, Keyboard, Pause, Phone, Play, SunMoon, Trash2 } from 'lucide';
import { ChoiceSelect } from '../../../ui/choice-select.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ariaKeys } from '../../../ui/list-keys.tsx';
import { clearAll } from '../actions.ts';
import { harAddress } from '../har-address.ts';
import { usePage } from './context.ts';

export function Header({ onKeys }: { onKeys: () => void }) {
  const page = usePage();
  const { inspector, strings, theme } = page;
  const words = strings.page;
  const har = harAddress('../emulator/requests', inspector.filter.value);
  return (
    <header class="head">
      <h1>
        <Icon icon={ArrowLeftRight} class="head-mark" />
        {words.title} <span class="head-product">{words.product}</span>
      </h1>
      <ConnectionState />
      <div class="head-actions">
        <PauseButton />
        <a class="button" href={har} download="vonage-emulator.har" title={words.harOf}>
          <Icon icon={Download} />
          <span class="head-word">{words.har}</span>
        </a>
        <button type="button" class="button" onClick={() => void clearAll(page)}>
          <Icon icon={Trash2} />
          <span class="head-word">{words.clear}</span>
        </button>
        <a class="button" href="../">
          <Icon icon={Phone} />
          <span class="head-word">{words.phone}</span>
        </a>
        <button type="button" class="button" aria-keyshortcuts={ariaKeys('help')} onClick={onKeys}>
          <Icon icon={Keyboard} />
          <span class="head-word">{words.keys}</span>
        </button>
        <ChoiceSelect
          icon={SunMoon}
          label={words.appearance}
          options={words.themes}
          value={theme.value}
          onChange={(value) => {
            theme.value = value;
          }}
        />
      </div>
    </header>
  );
}

function ConnectionState() {
  const { inspector, strings } = usePage();
  const isPaused = inspector.held.value !== null;
  const connection = inspector.connection.value;
  return (
    <p class="state" data-state={connection === 'live' && isPaused ? 'paused' : connection}>
      <span class="visually-hidden">{strings.page.status}: </span>
      {connection === 'live' && isPaused ? strings.page.paused : strings.page[connection]}
    </p>
  );
}

function PauseButton() {
  const { inspector, strings } = usePage();
  const held = inspector.held.value;
  const words = strings.page;
  return (
    <button
      type="button"
      class="button"
      aria-keyshortcuts={ariaKeys('pause')}
      data-held={held || undefined}
      onClick={inspector.togglePause}
    >
      <Icon icon={held === null ? Pause : Play} />
      <span class={held ? '' : 'head-word'}>
        {held === null ? words.pause : words.resume}
        {held ? `: ${words.held(held)}` : ''}
      </span>
    </button>
  );
}
