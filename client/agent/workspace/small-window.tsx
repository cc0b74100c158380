import { Mic, MicOff, Pause, Phone, PictureInPicture2, X } from 'lucide';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { currentCall, isLive } from '../call-state.ts';
import { SETTLE_MS } from '../press-guard.ts';
import { statusOf } from '../status-words.ts';
import { CallTimer } from '../views/call-timer.tsx';
import { Page, usePage, useReadiness } from '../views/context.ts';
import { useWorkspace } from './use-workspace.ts';

/** A window of the page that stays before all others; not every browser has one. */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

declare global {
  interface Window {
    documentPictureInPicture?: DocumentPictureInPicture;
  }
}

/** Keeps the call in a small window in front, where the browser can. */
export function SmallWindow() {
  const page = usePage();
  const { words } = useWorkspace();
  const [open, setOpen] = useState<Window | null>(null);
  const { documentPictureInPicture: pictures } = window;

  useEffect(() => () => open?.close(), [open]);
  if (!pictures) {
    return null;
  }

  async function show(): Promise<void> {
    // The agent may have closed the question, or another page of the browser has such a window.
    const small = await pictures?.requestWindow({ width: 340, height: 260 }).catch(() => null);
    if (!small) {
      return;
    }
    dress(small.document, words.smallWindow.title);
    render(
      <Page value={page}>
        <SmallCall />
      </Page>,
      small.document.body,
    );
    small.addEventListener('pagehide', () => {
      render(null, small.document.body);
      setOpen(null);
    });
    setOpen(small);
  }

  return (
    <button
      type="button"
      class="button button--text"
      aria-pressed={open !== null}
      onClick={() => {
        if (open) {
          open.close();
        } else {
          void show();
        }
      }}
    >
      <Icon icon={PictureInPicture2} />
      {words.smallWindow.open}
    </button>
  );
}

/** Gives a window the look of the page. */
function dress(target: Document, title: string): void {
  const { lang, dataset } = document.documentElement;
  target.title = title;
  target.documentElement.lang = lang;
  if (dataset.theme) {
    target.documentElement.dataset.theme = dataset.theme;
  }
  for (const { href } of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    const link = target.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    target.head.append(link);
  }
}

/** The call in its shortest form. */
export function SmallCall() {
  const { agent, strings } = usePage();
  const { actions, call: words } = strings.value;
  const phase = agent.calls.phase.value;
  const status = statusOf(strings.value, phase, useReadiness(), agent.nameOf);
  const call = agent.desk.view.value?.call;
  // A button that has just changed ignores presses that were meant for the one before.
  const [settled, setSettled] = useState(phase.name);
  const isSettled = settled === phase.name || phase.name === 'ringing';
  useEffect(() => {
    const timer = setTimeout(() => setSettled(phase.name), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [phase.name]);
  const meant = (act: () => void) => ({
    'aria-disabled': !isSettled,
    onClick: () => {
      if (isSettled) {
        act();
      }
    },
  });
  const { dispatch } = agent.calls;
  const mayHold = call?.role === 'agent' && call.consult === null;

  return (
    <main class={`small-call small-call--${status.tone}`}>
      <h1 class="visually-hidden">{strings.value.panes.call}</h1>
      <div role="status" aria-label={words.status} class="small-call__status">
        {status.words}
      </div>
      {phase.name === 'in-call' && <CallTimer since={phase.since} />}
      <div class="small-call__actions">
        {phase.name === 'ringing' && (
          <>
            <button
              type="button"
              class="button button--answer"
              {...meant(() => dispatch({ type: 'answer' }))}
            >
              <Icon icon={Phone} />
              {actions.answer}
            </button>
            <button
              type="button"
              class="button"
              {...meant(() => dispatch({ type: 'reject', at: Date.now() }))}
            >
              <Icon icon={X} />
              {actions.reject}
            </button>
          </>
        )}
        {phase.name === 'in-call' && (
          <>
            <button
              type="button"
              class="button"
              aria-pressed={phase.muted}
              {...meant(() => dispatch({ type: 'toggle-mute' }))}
            >
              <Icon icon={phase.muted ? MicOff : Mic} />
              {actions.mute}
            </button>
            {mayHold && (
              <button
                type="button"
                class="button"
                aria-pressed={call.heldSince !== null}
                {...meant(
                  () => void agent.desk.control({ action: call.heldSince === null ? 'hold' : 'resume' }),
                )}
              >
                <Icon icon={Pause} />
                {actions.hold}
              </button>
            )}
          </>
        )}
        {isLive(phase) && currentCall(phase) !== null && (
          <button
            type="button"
            class="button button--end"
            {...meant(() => dispatch({ type: 'hang-up', at: Date.now() }))}
          >
            <Icon icon={Phone} class="icon--hung-up" />
            {actions.hangUp}
          </button>
        )}
      </div>
    </main>
  );
}
