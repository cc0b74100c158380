import { ChevronDown, ListFilter, Search, X } from 'lucide';
import { useId, useState } from 'preact/hooks';
import {
  parseSearch,
  SEARCH_KEYS,
  type SearchProblem,
  suggestSearches,
} from '../../../domain/api/call-search.ts';
import { MOST_COUNTED } from '../../../domain/api/console-api.ts';
import { OUTCOMES } from '../../../domain/calls/outcome.ts';
import { entriesOf } from '../../../ui/entries.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import { countOf, everything, type Filter, periods, statuses } from '../filter.ts';
import { usePage } from './context.ts';

/** Says which calls are listed. What it asks for is in the page's address, so that it can be shared. */
export function FilterBar() {
  const { live, selection, strings } = usePage();
  const words = strings.value.filter;
  const filter = live.calls.filter.value;
  const count = countOf(filter);
  const [isOpen, setOpen] = useState(false);
  const [panel, problem, suggestions] = [useId(), useId(), useId()];
  const told = live.calls.known.value;
  const known = { ...told, agents: [...new Set([...agentsOf(filter, live), ...told.agents])] };
  const { problems } = parseSearch(filter.text, known);
  const counts = live.calls.outcomes.value;
  const change = (part: Partial<Filter>) => live.calls.setFilter({ ...live.calls.filter.peek(), ...part });

  return (
    <search class="filter">
      <button
        type="button"
        class="button filter__toggle"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon icon={ListFilter} />
        {count > 0 ? words.active(count) : words.title}
        <Icon icon={ChevronDown} class="filter__arrow" />
      </button>
      <form
        id={panel}
        class="filter__fields"
        data-open={isOpen || undefined}
        onSubmit={(event) => event.preventDefault()}
      >
        <label class="filter__field filter__field--text">
          <span class="visually-hidden">{words.text}</span>
          <Icon icon={Search} />
          <input
            id="search"
            class="input"
            type="search"
            placeholder={words.text}
            list={suggestions}
            autocomplete="off"
            aria-invalid={problems.length > 0}
            aria-describedby={problems.length > 0 ? problem : undefined}
            value={filter.text}
            onInput={(event) => change({ text: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' && event.key !== 'Enter') {
                return;
              }
              event.preventDefault();
              if (event.key === 'Escape') {
                change({ text: '' });
              }
              selection.leave();
            }}
          />
        </label>
        <datalist id={suggestions}>
          {suggestSearches(filter.text, known, new Date()).map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
        <p id={problem} class="filter__problem" aria-live="polite">
          {problems.map((each) => problemWords(each, words.problems)).join(' ')}
        </p>
        <label class="filter__field">
          <span class="visually-hidden">{words.number}</span>
          <input
            class="input"
            inputMode="tel"
            autocomplete="off"
            placeholder={words.number}
            value={filter.number}
            onInput={(event) => change({ number: event.currentTarget.value })}
          />
        </label>
        <Select
          label={words.agent}
          options={[['', words.anyAgent], ...agentsOf(filter, live).map((name): Option => [name, name])]}
          value={filter.agent}
          onChange={(agent) => change({ agent })}
        />
        <Select
          label={words.status}
          options={[
            ['', words.anyStatus],
            ...entriesOf(statuses).map(
              ([status]): Option => [
                status,
                status === 'started' ? words.newOrWaiting : strings.value.status[status],
              ],
            ),
          ]}
          value={filter.status}
          onChange={(_, index) => change({ status: entriesOf(statuses)[index - 1]?.[0] ?? '' })}
        />
        <Select
          label={words.outcome}
          options={[
            ['', words.anyOutcome],
            ...OUTCOMES.map((outcome): Option => {
              const name = strings.value.outcomes[outcome];
              return [outcome, counts ? words.counted(name, counts[outcome], MOST_COUNTED) : name];
            }),
          ]}
          value={filter.outcome}
          onChange={(_, index) => change({ outcome: OUTCOMES[index - 1] ?? '' })}
        />
        <Select
          label={words.period}
          options={entriesOf(words.periods)}
          value={filter.period}
          onChange={(_, index) => change({ period: entriesOf(periods)[index]?.[0] ?? 'any' })}
        />
        {filter.period === 'span' && (
          <>
            <Moment label={words.since} value={filter.since} onChange={(since) => change({ since })} />
            <Moment label={words.until} value={filter.until} onChange={(until) => change({ until })} />
          </>
        )}
        <button
          type="button"
          class="button button--quiet"
          data-idle={count === 0 || undefined}
          onClick={() => live.calls.setFilter(everything)}
        >
          <Icon icon={X} />
          {words.clear}
        </button>
      </form>
    </search>
  );
}

/** Why a part of the search is left out. */
function problemWords(problem: SearchProblem, words: ConsoleStrings['filter']['problems']): string {
  switch (problem.is) {
    case 'unknown key':
      return words[problem.is](problem.key, SEARCH_KEYS.join(', '));
    case 'no value':
    case 'given twice':
      return words[problem.is](problem.key);
    case 'unknown value':
      return words[problem.is](problem.key, problem.value, problem.allowed.join(', '));
    case 'not a number':
    case 'not a date':
      return words[problem.is](problem.key, problem.value);
    case 'no time between':
      return words[problem.is];
  }
}

type Option = readonly [value: string, words: string];

interface SelectProps {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string, index: number) => void;
}

function Select({ label, options, value, onChange }: SelectProps) {
  return (
    <label class="filter__field">
      <span class="visually-hidden">{label}</span>
      <select
        class="input"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value, currentTarget.selectedIndex)}
      >
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MomentProps {
  label: string;
  /** ISO, or empty. */
  value: string;
  onChange: (value: string) => void;
}

/** A time that is typed in this computer's zone. */
function Moment({ label, value, onChange }: MomentProps) {
  return (
    <label class="filter__field filter__field--moment">
      <span>{label}</span>
      <input
        class="input"
        type="datetime-local"
        value={localTime(value)}
        onChange={({ currentTarget }) => {
          const time = new Date(currentTarget.value);
          onChange(Number.isNaN(time.getTime()) ? '' : time.toISOString());
        }}
      />
    </label>
  );
}

/** An ISO time as `datetime-local` wants it: of this zone, to the minute. */
function localTime(iso: string): string {
  if (iso === '') {
    return '';
  }
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The agents whom the server names, and whom the filter asks for. */
function agentsOf({ agent }: Filter, live: ReturnType<typeof usePage>['live']): readonly string[] {
  const stage = live.session.stage.value;
  const agents = stage.name === 'signed-in' ? stage.session.agents : [];
  return agent === '' || agents.includes(agent) ? agents : [...agents, agent];
}
