import { MessageSquareText } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../../ui/icon.tsx';
import { useStrings } from './strings.ts';

interface SpeechBoxProps {
  /** The last text. */
  said: string | undefined;
  /** Sends a text as speech; undefined while the platform cannot be reached. */
  say: ((text: string) => void) | undefined;
}

/** Replaces speech recognition by a text box. */
export function SpeechBox({ said, say }: SpeechBoxProps) {
  const { speech: words } = useStrings();
  const [text, setText] = useState('');

  function submit(event: Event): void {
    event.preventDefault();
    if (say === undefined || text.trim() === '') return;
    say(text);
    setText('');
  }

  return (
    <form class="speech" onSubmit={submit}>
      <label for="say-as-speech">
        <Icon icon={MessageSquareText} />
        {words.label}
      </label>
      <div class="speech-line">
        <input
          id="say-as-speech"
          type="text"
          autocomplete="off"
          maxLength={1000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          aria-describedby="say-as-speech-help"
        />
        <button type="submit" class="button" disabled={say === undefined}>
          {words.say}
        </button>
      </div>
      <p id="say-as-speech-help" class="hint">
        {words.help}
      </p>
      <p class="said" aria-live="polite">
        {said !== undefined && words.said(said)}
      </p>
    </form>
  );
}
