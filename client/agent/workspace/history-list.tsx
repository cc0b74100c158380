import { Search } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { HISTORY_OUTCOMES, type HistoryItem, type HistoryOutcome } from '../../../domain/api/history-api.ts';
import { Icon } from '../../../ui/icon.tsx';
import { RecentCalls } from '../views/recent-calls.tsx';
import { HistoryRow } from './history-row.tsx';
import { ListState } from './list-state.tsx';
import { problemWords, useLoaded, useWorkspace } from './use-workspace.ts';

/** How long nothing must be typed until it is searched for (milliseconds). */
const PAUSE_MS = 300;

/** The server learns how a call ended a moment after the page (milliseconds). */
const SETTLED_MS = 2_500;

const ofAgent: readonly HistoryOutcome[] = [
  'answered',
  'missed',
  'declined',
  'caller-hung-up',
  'answered-elsewhere',
  'not-reached',
];

/** The calls of the agent, or of the team for supervisors; newest first. */
export function HistoryList() {
  const { agent, api, panes, words } = useWorkspace();
  const [isTeam, setTeam] = useState(false);
  const [outcome, setOutcome] = useState<HistoryOutcome | ''>('');
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const [more, setMore] = useState<{ items: readonly HistoryItem[]; next: string | null; of: string } | null>(
    null,
  );
  const [moreError, setMoreError] = useState<unknown>(null);
  const owner = agent.line.agent.value;
  const query = { isTeam, outcome, search };
  const key = owner && JSON.stringify({ owner, ...query });
  const page = useLoaded(key, () => api.history({ ...query, after: null }));
  const isSupervisor = agent.line.session.value?.roles.includes('supervisor') ?? false;

  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  // A call that has just ended here, or rung out.
  const last = agent.recent.value[0];
  const seenLast = useRef(last);
  useEffect(() => {
    if (last === seenLast.current) {
      return;
    }
    seenLast.current = last;
    page.reload();
    const timer = setTimeout(page.reload, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [last]);
  useEffect(() => {
    if (page.value && !isTeam) {
      panes.missed.value = page.value.missed;
    }
  }, [page.value]);

  function markSeen(): void {
    if (panes.missed.peek() > 0) {
      panes.missed.value = 0;
      // What was not taken is counted again at the next look.
      api.markSeen().catch(() => {});
    }
  }

  async function showMore(after: string): Promise<void> {
    setMoreError(null);
    try {
      const next = await api.history({ ...query, after });
      const before = more?.of === key ? more.items : [];
      setMore({ items: [...before, ...next.items], next: next.next, of: key ?? '' });
    } catch (error) {
      setMoreError(error);
    }
  }

  const isFiltered = outcome !== '' || search !== '';
  const extra = more?.of === key ? more : null;
  const items = uniqueOf([...(page.value?.items ?? []), ...(extra?.items ?? [])]);
  const next = extra ? extra.next : (page.value?.next ?? null);
  const text = words.history;
  const outcomes = isTeam ? HISTORY_OUTCOMES : ofAgent;

  return (
    // Pointing at the list, or reaching it with the keyboard, counts as having seen the missed calls.
    <div onPointerEnter={markSeen} onFocusIn={markSeen}>
      <div class="filters">
        {isSupervisor && (
          <select
            class="choice__select"
            aria-label={text.whose}
            value={isTeam ? 'team' : 'mine'}
            onChange={({ currentTarget }) => {
              setTeam(currentTarget.value === 'team');
              setOutcome('');
            }}
          >
            <option value="mine">{text.mine}</option>
            <option value="team">{text.team}</option>
          </select>
        )}
        <select
          class="choice__select"
          aria-label={text.outcome}
          value={outcome}
          onChange={({ currentTarget }) =>
            setOutcome(outcomes.find((one) => one === currentTarget.value) ?? '')
          }
        >
          <option value="">{text.all}</option>
          {outcomes.map((one) => (
            <option key={one} value={one}>
              {text.outcomes[one]}
            </option>
          ))}
        </select>
        <label class="filters__search">
          <Icon icon={Search} />
          <input
            type="search"
            aria-label={text.search}
            placeholder={text.search}
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
      </div>
      {page.value !== null && items.length > 0 && (
        <ol class="history">
          {items.map((item) => (
            <HistoryRow key={`${item.call} ${item.agent} ${item.at}`} item={item} />
          ))}
        </ol>
      )}
      {page.value !== null && page.error === null && items.length === 0 && (
        <div class="pane__state">
          <p>{isFiltered ? text.noMatch : text.empty}</p>
          {isFiltered && (
            <button
              type="button"
              class="button button--small"
              onClick={() => {
                setOutcome('');
                setTyped('');
              }}
            >
              {text.clear}
            </button>
          )}
        </div>
      )}
      <ListState list={page} />
      {moreError !== null && <p class="pane__state">{problemWords(words, moreError)}</p>}
      {next !== null && page.value !== null && (
        <button type="button" class="button more" onClick={() => void showMore(next)}>
          {words.lists.more}
        </button>
      )}
      {page.value === null && page.error !== null && <RecentCalls />}
    </div>
  );
}

/** A call that came in between two pages is in both. */
function uniqueOf(items: readonly HistoryItem[]): HistoryItem[] {
  return [...new Map(items.map((item) => [`${item.call} ${item.agent} ${item.at}`, item])).values()];
}
