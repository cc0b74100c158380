import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useVirtualRows } from '../../../ui/virtual-rows.ts';
import { Waiting } from '../../session/entrance.tsx';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import { countOf } from '../filter.ts';
import type { LiveConsole } from '../live-console.ts';
import { CallRow } from './call-row.tsx';
import { usePage } from './context.ts';
import { EmptyList } from './empty-list.tsx';
import { Failure, isFailure } from './notes.tsx';

/** The calls, however many: only the lines in sight are on the page. */
export function CallListView() {
  const { live, strings } = usePage();
  const words = strings.value.list;
  const { rows } = live.calls.list.value;
  const first = live.calls.first.value;

  return (
    <section class="list" aria-label={words.title} aria-busy={first === 'waiting'}>
      {isFailure(first) && <Failure failure={first.failure} words={words.failed} retry={live.calls.reload} />}
      {rows.length === 0 ? (
        !isFailure(first) && <NoRows />
      ) : (
        <>
          <Columns />
          <Rows />
          <Foot />
        </>
      )}
    </section>
  );
}

/** Nothing is there, or nothing yet: a search goes through the calls a part at a time. */
function NoRows() {
  const { calls } = usePage().live;
  const words = usePage().strings.value.list;
  if (calls.first.value === 'waiting') {
    return <Waiting words={words.loading} />;
  }
  if (calls.list.value.rest === null) {
    return <EmptyList isFiltered={countOf(calls.filter.value) > 0} />;
  }
  return isFailure(calls.next.value) ? <Foot /> : <Waiting words={words.searching} />;
}

/** What the columns are, where the list is wide enough to have some. Each line says it in its own words too. */
function Columns() {
  const { columns } = usePage().strings.value.list;
  return (
    <div class="list__columns" aria-hidden="true">
      <span>{columns.status}</span>
      <span>{columns.parties}</span>
      <span>{columns.agent}</span>
      <span>{columns.when}</span>
      <span class="list__column--number">{columns.talk}</span>
      <span>{columns.end}</span>
    </div>
  );
}

/** Rows that are loaded beyond those that are there. */
const LOAD_AHEAD = 60;

function Rows() {
  const { live, selection, strings } = usePage();
  const { rows, rest } = live.calls.list.value;
  const filter = live.calls.filter.value;
  const scroller = useRef<HTMLDivElement>(null);
  useScrollBarWidth(scroller);
  const { first, end, rowHeight, perScreen, slotOf, onScroll, show } = useVirtualRows(scroller, rows);
  const activeId = selection.activeId.value;
  const openId = live.openCall.id.value;
  const activeIndex = activeId === null ? -1 : rows.findIndex(({ id }) => id === activeId);
  const active = rows[activeIndex];
  const wanted = selection.wantedFocus.value;

  const places = Array.from({ length: end - first }, (_, place) => first + place);
  // What assistive technology is told to look at must be there, in sight or not.
  const isActiveAway = activeIndex >= 0 && (activeIndex < first || activeIndex >= end);

  useEffect(() => live.calls.need(end + LOAD_AHEAD), [end, live]);

  useEffect(() => {
    if (scroller.current) {
      scroller.current.scrollTop = 0;
    }
  }, [filter]);

  useEffect(() => {
    if (wanted === 'list' && selection.takeFocus('list')) {
      scroller.current?.focus();
    }
  }, [wanted, selection]);

  useEffect(() => {
    show(live.calls.list.peek().rows.findIndex(({ id }) => id === activeId));
  }, [activeId, live]);

  const keys: Record<string, () => void> = {
    ArrowDown: () => selection.move(1),
    ArrowUp: () => selection.move(-1),
    PageDown: () => selection.move(perScreen),
    PageUp: () => selection.move(-perScreen),
    Home: () => selection.move(Number.NEGATIVE_INFINITY),
    End: () => selection.move(Number.POSITIVE_INFINITY),
    Enter: selection.enter,
    ' ': selection.enter,
  };

  /** @param key of the line's elements, which go from a call that leaves the screen to one that enters it */
  function row(index: number, key: number | string) {
    const call = rows[index];
    return (
      call && (
        <CallRow
          key={key}
          id={rowId(call)}
          call={call}
          index={index}
          setSize={rest ? -1 : rows.length}
          top={index * rowHeight}
          isOpen={call.id === openId}
          isActive={call.id === activeId}
        />
      )
    );
  }

  return (
    <div
      ref={scroller}
      class="list__rows"
      role="listbox"
      tabIndex={0}
      aria-label={strings.value.list.title}
      aria-activedescendant={active ? rowId(active) : undefined}
      onScroll={onScroll}
      onClick={(event) => {
        const row = event.target instanceof Element ? event.target.closest('[data-call]') : null;
        const id = row?.getAttribute('data-call');
        if (id) {
          selection.choose(id);
        }
      }}
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (act && !event.altKey && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          act();
        }
      }}
    >
      <div class="list__all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
        {places.map((index) => row(index, slotOf(index)))}
        {isActiveAway && row(activeIndex, 'away')}
      </div>
    </div>
  );
}

/** Tells the columns above the rows how much of their width the scroll bar takes: often nothing. */
function useScrollBarWidth(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      const width = element.offsetWidth - element.clientWidth;
      element.parentElement?.style.setProperty('--scroll-bar', `${width}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}

function rowId({ id }: { id: string }): string {
  return `call-${encodeURIComponent(id)}`;
}

/** How many there are, and what is on its way. */
function Foot() {
  const { live, strings } = usePage();
  const words = strings.value.list;
  const next = live.calls.next.value;
  return isFailure(next) ? (
    <Failure failure={next.failure} words={words.moreFailed} retry={live.calls.loadMore} />
  ) : (
    <p class="list__foot">{footWords(live, words)}</p>
  );
}

function footWords({ calls }: LiveConsole, words: ConsoleStrings['list']): string {
  const { rows, rest } = calls.list.value;
  if (calls.next.value === 'waiting') {
    return countOf(calls.filter.value) > 0 ? words.searchingOn(rows.length) : words.loadingMore;
  }
  return rest ? words.atLeast(rows.length) : words.all(rows.length);
}
