import { ArrowLeftRight, SearchX } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { useVirtualRows } from '../../../ui/virtual-rows.ts';
import { EVERYTHING } from '../filter.ts';
import { usePage } from './context.ts';
import { focusOn, LIST_ID, REQUEST_ID } from './ids.ts';
import { RequestRow } from './request-row.tsx';

/** The requests, newest first, however many: only the rows in sight are on the page. */
export function RequestList() {
  const { inspector, strings } = usePage();
  const words = strings.list;
  const loaded = inspector.loaded.value;
  return (
    <section class="list" aria-label={words.title} aria-busy={loaded === false}>
      {typeof loaded === 'object' && (
        <p class="notice" role="alert">
          {words.failed} {loaded.error}
        </p>
      )}
      <Rows />
    </section>
  );
}

function Rows() {
  const { inspector, isReading, strings } = usePage();
  const rows = inspector.rows.value;
  const filter = inspector.filter.value;
  const activeId = inspector.activeId.value;
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, rowHeight, perScreen, slotOf, onScroll, show } = useVirtualRows(scroller, rows);
  const activeIndex = activeId === null ? -1 : rows.findIndex(({ id }) => id === activeId);
  // What assistive technology is told to look at must be there, in sight or not.
  const isActiveAway = activeIndex >= 0 && (activeIndex < first || activeIndex >= end);

  const isActiveThere = activeIndex >= 0;
  useEffect(
    () => show(inspector.rows.peek().findIndex(({ id }) => id === activeId)),
    [activeId, isActiveThere],
  );
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [filter]);

  function enter(): void {
    if (inspector.activeId.peek() === null) return;
    isReading.value = true;
    focusOn(REQUEST_ID);
  }

  const keys: Record<string, () => void> = {
    ArrowDown: () => inspector.move(1),
    ArrowUp: () => inspector.move(-1),
    PageDown: () => inspector.move(perScreen),
    PageUp: () => inspector.move(-perScreen),
    Home: () => inspector.move(Number.NEGATIVE_INFINITY),
    End: () => inspector.move(Number.POSITIVE_INFINITY),
    Enter: enter,
    ' ': enter,
  };

  // A row that leaves the page becomes one that comes: making elements is what takes time.
  const row = (index: number, key: number | string = slotOf(index)) => {
    const summary = rows[index];
    return (
      summary && (
        <RequestRow
          key={key}
          summary={summary}
          index={index}
          count={rows.length}
          top={index * rowHeight}
          isActive={summary.id === activeId}
        />
      )
    );
  };

  return (
    <>
      <div
        id={LIST_ID}
        ref={scroller}
        class="rows"
        role="listbox"
        tabIndex={0}
        hidden={rows.length === 0}
        aria-label={strings.list.title}
        aria-activedescendant={activeIndex < 0 ? undefined : `request-${activeId}`}
        onScroll={onScroll}
        onClick={({ target }) => {
          const id =
            target instanceof Element ? target.closest<HTMLElement>('[data-id]')?.dataset.id : undefined;
          if (id === undefined) return;
          inspector.activeId.value = Number(id);
          isReading.value = true;
        }}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          act();
        }}
      >
        <div class="rows-all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {Array.from({ length: end - first }, (_, place) => row(first + place))}
          {isActiveAway && row(activeIndex, 'away')}
        </div>
      </div>
      {rows.length === 0 && <NoRows />}
    </>
  );
}

function NoRows() {
  const { inspector, strings } = usePage();
  const words = strings.list;
  if (inspector.loaded.value !== true) {
    return <p class="empty">{inspector.loaded.value === false && words.loading}</p>;
  }
  if (inspector.count.value > 0) {
    return (
      <div class="empty">
        <Icon icon={SearchX} />
        <p>{words.noMatch}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            inspector.filter.value = EVERYTHING;
          }}
        >
          {strings.filter.reset}
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <Icon icon={ArrowLeftRight} />
      <p>
        <strong>{words.empty}</strong>
      </p>
      <p>{words.emptyHow}</p>
      <a class="button" href="../" target="_blank" rel="noopener">
        {words.toPhone}
      </a>
    </div>
  );
}
