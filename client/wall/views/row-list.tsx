import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import { useVirtualRows } from '../../../ui/virtual-rows.ts';

interface RowListProps<Row extends { id: string }> {
  /** Accessible name. */
  label: string;
  rows: readonly Row[];
  class: string;
  /** The columns, in the class that lays out the rows, too. */
  columns: readonly { name: string; class?: string }[];
  rowClass: (row: Row) => string;
  /** What is in a row. The same function each time: a row that says the same is not rendered again. */
  children: (row: Row) => ComponentChildren;
  onOpen: (row: Row) => void;
}

/**
 * A long list of which only the rows in view are on the page. The list has the focus: arrows move, Enter opens.
 * The row that was active stays it when others come before it.
 */
export function RowList<Row extends { id: string }>(props: RowListProps<Row>) {
  const { label, rows, columns, rowClass, children, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const base = useId();
  const [activeId, setActiveId] = useState<string | null>(null);
  const { first, end, rowHeight, perScreen, onScroll, show } = useVirtualRows(scroller, rows);
  const activeIndex = activeId === null ? -1 : rows.findIndex(({ id }) => id === activeId);
  const active = rows[activeIndex];
  const places = Array.from({ length: end - first }, (_, place) => first + place);
  const isActiveAway = activeIndex >= 0 && (activeIndex < first || activeIndex >= end);
  const rowId = ({ id }: Row) => `${base}-${encodeURIComponent(id)}`;

  function move(by: number): void {
    const from = activeIndex < 0 ? (by > 0 ? -1 : 0) : activeIndex;
    const to = Math.max(0, Math.min(rows.length - 1, from + by));
    const row = rows[to];
    if (row === undefined) return;
    setActiveId(row.id);
    show(to);
  }

  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(perScreen),
    PageUp: () => move(-perScreen),
    Home: () => move(-rows.length),
    End: () => move(rows.length),
    Enter: () => active && onOpen(active),
    ' ': () => active && onOpen(active),
  };

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    const act = keys[event.key];
    if (act === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  // By its own key, a row only moves when others leave the list: its text need not be laid out again.
  function line(index: number) {
    const row = rows[index];
    return (
      row && (
        <Line
          key={row.id}
          id={rowId(row)}
          row={row}
          class={`row ${props.class} ${rowClass(row)}`}
          top={index * rowHeight}
          isActive={row.id === activeId}
          place={index + 1}
          setSize={rows.length}
          cells={children}
        />
      )
    );
  }

  return (
    <>
      <div class={`columns ${props.class}`} aria-hidden="true">
        {columns.map(({ name, class: extra }) => (
          <span key={name} class={extra}>
            {name}
          </span>
        ))}
      </div>
      <div
        ref={scroller}
        class="rows"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={active && rowId(active)}
        onScroll={onScroll}
        onFocus={() => activeId === null && move(0)}
        onClick={(event) => {
          const clicked = event.target instanceof Element ? event.target.closest('[data-row]') : null;
          const row = rows.find(({ id }) => id === clicked?.getAttribute('data-row'));
          if (row === undefined) return;
          setActiveId(row.id);
          onOpen(row);
        }}
        onKeyDown={onKeyDown}
      >
        <div class="rows__all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {places.map(line)}
          {isActiveAway && line(activeIndex)}
        </div>
      </div>
    </>
  );
}

interface LineProps<Row> {
  id: string;
  row: Row;
  class: string;
  /** CSS pixels from the upper edge of the list. */
  top: number;
  isActive: boolean;
  /** From 1. */
  place: number;
  setSize: number;
  cells: (row: Row) => ComponentChildren;
}

/** One row of the list, which is rendered again only if something in it has changed. */
function Line<Row extends { id: string }>(props: LineProps<Row>) {
  const { id, row, class: name, top, isActive, place, setSize, cells } = props;
  return useMemo(
    () => (
      // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active
      <div
        id={id}
        role="option"
        class={name}
        style={{ transform: `translateY(${top}px)` }}
        aria-selected={isActive}
        aria-setsize={setSize}
        aria-posinset={place}
        data-row={row.id}
      >
        {cells(row)}
      </div>
    ),
    [id, row, name, top, isActive, place, setSize, cells],
  );
}
