import { useEffect, useRef, useState } from 'preact/hooks';
import { EventLogView } from '../views/event-log-view.tsx';
import { CallbackList } from './callback-list.tsx';
import { HistoryList } from './history-list.tsx';
import { useLoaded, useWorkspace } from './use-workspace.ts';
import { VoicemailList } from './voicemail-list.tsx';

type List = 'calls' | 'voicemail' | 'callbacks';

/** How often what others change is looked at (milliseconds). */
const LOOK_MS = 30_000;

/** The calls of the agent, the voicemails and the callbacks of her queues. */
export function ListsPane() {
  const { agent, api, panes, words } = useWorkspace();
  const [shown, setShown] = useState<List>('calls');
  const owner = agent.line.agent.value;
  const voicemails = useLoaded(owner && `voicemails ${owner}`, api.voicemails);
  const tabs = useRef<HTMLDivElement>(null);
  const isAtDesk = agent.desk.isOn.value;
  const lists: List[] = isAtDesk ? ['calls', 'voicemail', 'callbacks'] : ['calls', 'voicemail'];
  const unheard =
    voicemails.value?.filter(({ heardBy, isMissing }) => heardBy === null || isMissing).length ?? 0;
  const badges: Record<List, [count: number, words: string]> = {
    calls: [panes.missed.value, words.lists.missed(panes.missed.value)],
    voicemail: [unheard, words.lists.unheard(unheard)],
    callbacks: [0, ''],
  };

  useEffect(() => {
    const look = () => {
      if (!document.hidden) {
        voicemails.reload();
      }
    };
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [voicemails.reload]);

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && lists[(lists.indexOf(shown) + step + lists.length) % lists.length];
    if (next) {
      event.preventDefault();
      setShown(next);
      tabs.current?.querySelector<HTMLElement>(`[data-list=${next}]`)?.focus();
    }
  }

  return (
    <div class="lists">
      <div role="tablist" class="tabs" ref={tabs} onKeyDown={onKey}>
        {lists.map((list) => (
          <button
            key={list}
            type="button"
            role="tab"
            id={`tab-${list}`}
            data-list={list}
            class="tab"
            aria-selected={shown === list}
            aria-controls="list"
            tabIndex={shown === list ? 0 : -1}
            onClick={() => setShown(list)}
          >
            {words.lists[list]}
            {badges[list][0] > 0 && (
              <span class="badge">
                <span aria-hidden="true">{badges[list][0]}</span>
                <span class="visually-hidden">, {badges[list][1]}</span>
              </span>
            )}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="list" class="lists__list" aria-labelledby={`tab-${shown}`}>
        {shown === 'calls' && <HistoryList />}
        {shown === 'voicemail' && <VoicemailList voicemails={voicemails} />}
        {shown === 'callbacks' && <CallbackList />}
      </div>
      <EventLogView />
    </div>
  );
}
