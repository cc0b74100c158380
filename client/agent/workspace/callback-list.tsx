import { CalendarClock, X } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { CallbackView } from '../../../domain/api/history-api.ts';
import { Icon } from '../../../ui/icon.tsx';
import { visibleMarks } from '../../../ui/visible-marks.ts';
import { ListState } from './list-state.tsx';
import { Sure } from './sure.tsx';
import { whenWords } from './times.ts';
import { problemWords, useLoaded, useWorkspace } from './use-workspace.ts';

const LOOK_MS = 10_000;

/** Who is to be called back, the one that waits longest first. */
export function CallbackList() {
  const { agent, api, words } = useWorkspace();
  const owner = agent.line.agent.value;
  const callbacks = useLoaded(owner && `callbacks ${owner}`, api.callbacks);
  useEffect(() => {
    const timer = setInterval(callbacks.reload, LOOK_MS);
    return () => clearInterval(timer);
  }, [callbacks.reload]);
  return (
    <div>
      {callbacks.value?.length === 0 && <p class="pane__state">{words.callbacks.empty}</p>}
      <ol class="history">
        {callbacks.value?.map((callback) => (
          <CallbackRow key={callback.id} callback={callback} onCanceled={callbacks.reload} />
        ))}
      </ol>
      <ListState list={callbacks} />
    </div>
  );
}

function CallbackRow({ callback, onCanceled }: { callback: CallbackView; onCanceled: () => void }) {
  const { agent, api, locale, words } = useWorkspace();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { number, contact, queue, since, tries, nextTry, state } = callback;
  const formatted = number === null ? '' : agent.nameOf(number);
  const name = contact?.name ?? contact?.company;
  const caller = (name && visibleMarks(name)) || formatted || words.lists.unknownCaller;
  const when = (at: number) => whenWords(at, Date.now(), locale.value, words.lists);
  const text = words.callbacks;

  async function cancel(): Promise<void> {
    setAsking(false);
    try {
      await api.cancelCallback(callback.id);
    } catch (error) {
      setProblem(problemWords(words, error));
    }
    onCanceled();
  }

  return (
    <li class="history__item history__item--other">
      <Icon icon={CalendarClock} class="history__icon" />
      <div class="history__main">
        <bdi class="history__caller">{caller}</bdi>
        <p class="history__outcome">
          <span class="history__word">{text.states[state]}</span>
          {callback.agent && <span>{callback.agent}</span>}
          <span>{queue}</span>
          {tries > 0 && <span>{text.tries(tries)}</span>}
          {nextTry !== null && nextTry > Date.now() && <span>{text.notBefore(when(nextTry))}</span>}
        </p>
        <p aria-live="polite" class="form-problem">
          {problem}
        </p>
      </div>
      <div class="history__side">
        <time dateTime={new Date(since).toISOString()}>{when(since)}</time>
      </div>
      {state === 'waiting' && (
        <button
          type="button"
          class="icon-button"
          aria-label={`${text.cancel}: ${caller}`}
          title={text.cancel}
          onClick={() => setAsking(true)}
        >
          <Icon icon={X} />
        </button>
      )}
      {isAsking && (
        <Sure
          question={text.sure}
          yes={text.cancel}
          no={text.keep}
          onYes={() => void cancel()}
          onNo={() => setAsking(false)}
        />
      )}
    </li>
  );
}
