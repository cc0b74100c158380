import { Delete, Phone } from 'lucide';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { PHONE_KEYS } from '../../../ui/phone-keys.ts';
import { formatTyped } from '../dial-format.ts';
import { usePage } from './context.ts';

/** Numbers of past calls that are offered. */
const MOST_RECENT = 4;
/** Longest text that is kept of what is pasted. */
const LONGEST = 40;

/** Where an agent types, pastes or chooses a number, and calls it. Loaded when it is opened for the first time. */
export function DialPad({ onClose }: { onClose: () => void }) {
  const { agent, language, strings } = usePage();
  const { dial: words, keypad } = strings.value;
  const { dialler } = agent;
  const ours = agent.line.session.value?.number ?? null;
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const country = useMemo(() => formatTyped(text, ours).country, [text, ours]);
  const named = country && new Intl.DisplayNames([language.value], { type: 'region' }).of(country);
  const problem = dialler.problem.value;

  useEffect(() => {
    field.current?.focus();
    // Call is at its end, which may be below the edge of the window.
    form.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  function type(typed: string): void {
    dialler.forgetProblem();
    setText(typed);
  }

  /** Formats what is added at the end; where somebody corrects, nothing moves. */
  function typed({ value, selectionEnd }: HTMLInputElement): void {
    const isLonger = value.length > text.length && selectionEnd === value.length;
    type(isLonger ? formatTyped(value, ours).text || value : value);
  }

  const names: Record<string, string> = { '*': keypad.star, '#': keypad.hash };
  return (
    <form
      class="dial-pad"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void dialler.dial(text);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          onClose();
        }
      }}
    >
      <label class="dial-pad__label" for="dial-number">
        {words.number}
      </label>
      <div class="dial-pad__line">
        <input
          id="dial-number"
          class="input dial-pad__field"
          type="tel"
          autocomplete="off"
          maxLength={LONGEST}
          ref={field}
          value={text}
          aria-describedby="dial-note"
          aria-invalid={problem !== null}
          onInput={({ currentTarget }) => typed(currentTarget)}
        />
        <button
          type="button"
          class="button dial-pad__erase"
          aria-label={words.erase}
          title={words.erase}
          disabled={text === ''}
          onClick={() => type(formatTyped(text.replace(/\D*\d?$/, ''), ours).text)}
        >
          <Icon icon={Delete} />
        </button>
      </div>
      <p
        id="dial-note"
        class={problem === null ? 'dial-pad__note' : 'dial-pad__note dial-pad__note--problem'}
      >
        <span role="alert">{problem === null ? '' : words.problems[problem]}</span>
        {problem === null && (named ?? words.hint)}
      </p>
      <fieldset aria-label={words.keys} class="keypad__keys">
        {PHONE_KEYS.map(([key]) => (
          <button
            type="button"
            class="key"
            key={key}
            aria-label={names[key]}
            onClick={() => type(formatTyped(text + key, ours).text)}
          >
            {key}
          </button>
        ))}
      </fieldset>
      <RecentNumbers onChoose={(number) => type(agent.nameOf(number))} />
      <button
        type="submit"
        class="button button--answer dial-pad__call"
        disabled={text === '' || !dialler.isReady.value}
        aria-disabled={dialler.isAsking.value}
      >
        <Icon icon={Phone} />
        {words.call}
      </button>
    </form>
  );
}

function RecentNumbers({ onChoose }: { onChoose: (number: string) => void }) {
  const { agent, strings } = usePage();
  const numbers = [...new Set(agent.recent.value.map(({ call }) => call.from))].filter(isNumber);
  if (numbers.length === 0) {
    return null;
  }
  return (
    <fieldset class="dial-pad__recent" aria-label={strings.value.dial.recent}>
      {numbers.slice(0, MOST_RECENT).map((number) => (
        <button type="button" class="dial-pad__number" key={number} onClick={() => onChoose(number)}>
          {agent.nameOf(number)}
        </button>
      ))}
    </fieldset>
  );
}

function isNumber(from: string): boolean {
  return /^\d{7,15}$/.test(from);
}
