import { Search, X } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import type { Direction } from '../../traffic/entry.ts';
import { markOf } from '../call-mark.ts';
import { EVERYTHING, type Filter, isEverything, OUTCOMES } from '../filter.ts';
import { usePage } from './context.ts';
import { focusOn, LIST_ID, SEARCH_ID } from './ids.ts';

const DIRECTIONS: readonly (Direction | null)[] = [null, 'out', 'in'];

/** What the list shows of all there is. */
export function FilterBar() {
  const { inspector, strings } = usePage();
  const words = strings.filter;
  const filter = inspector.filter.value;
  const change = (changes: Partial<Filter>) => {
    inspector.filter.value = { ...inspector.filter.peek(), ...changes };
  };
  return (
    <search class="filter" aria-label={words.title}>
      <label class="search">
        <Icon icon={Search} />
        <span class="visually-hidden">{words.search}</span>
        <input
          id={SEARCH_ID}
          type="search"
          placeholder={words.search}
          value={filter.text}
          maxLength={200}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => change({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' && event.key !== 'Enter') return;
            event.preventDefault();
            if (event.key === 'Escape') change({ text: '' });
            focusOn(LIST_ID);
          }}
        />
        <kbd>/</kbd>
      </label>
      <fieldset class="directions">
        <legend class="visually-hidden">{words.directions}</legend>
        {DIRECTIONS.map((direction) => (
          <label key={direction}>
            <input
              type="radio"
              name="direction"
              checked={filter.direction === direction}
              onChange={() => change({ direction })}
            />
            {words[direction ?? 'all']}
          </label>
        ))}
      </fieldset>
      <label class="outcome">
        <span class="visually-hidden">{words.outcome}</span>
        <select
          value={filter.outcome ?? ''}
          data-set={filter.outcome !== null || undefined}
          onChange={({ currentTarget: { value } }) =>
            change({ outcome: OUTCOMES.find((outcome) => outcome === value) ?? null })
          }
        >
          <option value="">{words.anyOutcome}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {words.outcomes[outcome]}
            </option>
          ))}
        </select>
      </label>
      {filter.call !== null && (
        <button
          type="button"
          class="button call-chip"
          style={{ '--hue': markOf(filter.call).hue }}
          aria-label={`${words.noCall} (${words.call} ${markOf(filter.call).tag})`}
          onClick={() => change({ call: null })}
        >
          {words.call} {markOf(filter.call).tag}
          <Icon icon={X} />
        </button>
      )}
      {!isEverything(filter) && (
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            inspector.filter.value = EVERYTHING;
          }}
        >
          {words.reset}
        </button>
      )}
      <Count />
    </search>
  );
}

function Count() {
  const { inspector, strings } = usePage();
  return (
    // Who looks for something wants to hear how much there is; who watches, not.
    <p class="count" aria-live={isEverything(inspector.filter.value) ? 'off' : 'polite'}>
      {strings.list.count(inspector.rows.value.length, inspector.count.value)}
    </p>
  );
}
