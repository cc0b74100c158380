import {
  BellRing,
  CircleCheck,
  CircleSlash,
  Coffee,
  Headphones,
  type IconNode,
  Pause,
  PencilLine,
  PhoneCall,
  TriangleAlert,
  Unplug,
  Users,
} from 'lucide';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import type { WallStrings } from '../../strings/wall-en.ts';
import {
  AGENT_GROUPS,
  type AgentGroup,
  type AgentRow,
  type AgentState,
  agentRows,
  countByGroup,
} from '../board.ts';
import { usePage } from './context.ts';
import { RowList } from './row-list.tsx';
import { Timer } from './timer.tsx';

/** Every agent, those who need somebody first. */
export function AgentsView() {
  const { live, opened, strings } = usePage();
  const words = strings.value.agents;
  const view = live.view.value;
  const [group, setGroup] = useState<AgentGroup | null>(null);
  const before = useRef<readonly AgentRow[]>([]);
  const all = useMemo(() => (view === null ? [] : agentRows(view, before.current)), [view]);
  before.current = all;
  const rows = useMemo(() => all.filter((row) => group === null || row.group === group), [all, group]);

  return (
    <section class="panel panel--agents card" aria-labelledby="agents-title">
      <h2 id="agents-title" class="panel__title">
        {words.title}
      </h2>
      <GroupFilter rows={all} group={group} onChange={setGroup} />
      {rows.length === 0 ? (
        <div class="empty">
          <p class="empty__title">{all.length === 0 ? words.none : words.noneInGroup}</p>
          {all.length === 0 && <p>{words.noneAdvice}</p>}
        </div>
      ) : (
        <RowList
          label={words.title}
          rows={rows}
          class="agent"
          columns={[
            { name: words.columns.agent },
            { name: words.columns.state },
            { name: words.columns.since, class: 'number' },
            { name: words.columns.caller },
            { name: words.columns.hears },
          ]}
          rowClass={({ tone }) => `tone-${tone}`}
          onOpen={({ id }) => {
            opened.value = { kind: 'agent', name: id };
          }}
        >
          {agentCells}
        </RowList>
      )}
    </section>
  );
}

interface GroupFilterProps {
  rows: readonly AgentRow[];
  group: AgentGroup | null;
  onChange: (group: AgentGroup | null) => void;
}

/** How many agents are in which state; each shows only these. */
function GroupFilter({ rows, group, onChange }: GroupFilterProps) {
  const words = usePage().strings.value.agents;
  const counts = countByGroup(rows);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a line in every browser
    <div class="filter" role="group" aria-label={words.filter}>
      {[null, ...AGENT_GROUPS].map((each) => (
        <button
          key={each}
          type="button"
          class={
            each === 'trouble' && counts.trouble > 0
              ? 'filter__button filter__button--trouble'
              : 'filter__button'
          }
          aria-pressed={group === each}
          onClick={() => onChange(each)}
        >
          {each === null ? words.all : words.group[each]}{' '}
          <span class="filter__count">{each === null ? rows.length : counts[each]}</span>
        </button>
      ))}
    </div>
  );
}

const agentCells = (row: AgentRow) => <AgentCells row={row} />;

function AgentCells({ row }: { row: AgentRow }) {
  const { nameOf, strings } = usePage();
  const words = strings.value;
  const { agent, call, since, state } = row;
  return (
    <>
      <span class="agent__name">{agent.name}</span>{' '}
      <span class="agent__state">
        <Icon icon={iconOf(state)} />
        <span class="agent__words">{agentStateWords(words, row)}</span>
      </span>{' '}
      <span class="agent__since number">
        <Timer since={since} />
      </span>{' '}
      <span class="agent__caller">{call && <bdi>{nameOf(call.from)}</bdi>}</span>{' '}
      <span class="agent__hears">{call && words.hears[call.callerHears]}</span>
    </>
  );
}

/** What an agent is in, with the reason, and what comes after it. */
export function agentStateWords({ agents: words }: WallStrings, { agent, state }: AgentRow): string {
  const { next, reason } = agent;
  const now = state === 'away' && reason !== null ? words.awayBecause(reason) : words.state[state];
  return next === null ? now : `${now}, ${words.next(words.choice[next.choice])}`;
}

const icons: Record<AgentState, IconNode> = {
  'lost in call': Unplug,
  'connection lost': Unplug,
  'cannot ring': TriangleAlert,
  'no answer': TriangleAlert,
  ringing: BellRing,
  holding: Pause,
  consulting: Users,
  talking: PhoneCall,
  supervising: Headphones,
  'wrap-up': PencilLine,
  ready: CircleCheck,
  away: Coffee,
  offline: CircleSlash,
  'not connected': CircleSlash,
};

/** A picture of a state; the word is beside it. */
function iconOf(state: AgentState): IconNode {
  return icons[state];
}
