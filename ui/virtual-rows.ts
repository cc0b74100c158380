import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Which rows of a long list are on the page. */
interface RowWindow {
  first: number;
  /** The one after the last. */
  end: number;
}

/** All in CSS pixels. */
interface Viewport {
  /** How far the list is scrolled. */
  top: number;
  /** Height of the part of the list that is in view. */
  view: number;
  /** Height of a row. */
  row: number;
}

interface VirtualRows extends RowWindow {
  /** Height of each row, CSS pixels. */
  rowHeight: number;
  /** Rows that fit on one screen. */
  perScreen: number;
  /** A key for the row at an index. Rows that leave the page pass theirs on, so that their elements are reused. */
  slotOf: (index: number) => number;
  /** To be called when the list is scrolled. */
  onScroll: () => void;
  /** Brings a row into view; does nothing if the index is negative. */
  show: (index: number) => void;
}

/** Rows beyond either edge: what one frame of fast scrolling brings into view. */
const SPARE = 8;

/** Assumed until the list is on the page. */
const GUESS: Viewport = { top: 0, view: 800, row: 60 };

/** The rows to render: those in view, and a few more on either side. */
export function windowOf(count: number, { top, view, row }: Viewport): RowWindow {
  const within = (index: number) => Math.max(0, Math.min(index, count));
  return { first: within(Math.floor(top / row) - SPARE), end: within(Math.ceil((top + view) / row) + SPARE) };
}

/** Largest number of rows on the page, at any scroll position. */
export function slotsOf({ view, row }: Pick<Viewport, 'view' | 'row'>): number {
  return Math.ceil(view / row) + 1 + 2 * SPARE;
}

/** Where to scroll to so that a row is in view; the current position if it is already. */
export function scrollToShow(index: number, { top, view, row }: Viewport): number {
  const begin = index * row;
  return begin < top ? begin : Math.max(top, begin + row - view);
}

/**
 * Keeps only those rows of a long list on the page that are in view. The scrolling element says how high a row is
 * by its property `--row-height`. A reader who has scrolled down keeps seeing the same rows while others are added
 * above.
 * @param rows all rows, from top to bottom
 */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly { id: string | number }[],
): VirtualRows {
  const current = useRef(rows);
  current.current = rows;
  const viewport = useRef(GUESS);
  /** The row at the upper edge, and how far it is beyond it; null at the top of the list. */
  const anchor = useRef<{ id: string | number; beyond: number } | null>(null);
  const [shown, setShown] = useState({ ...windowOf(rows.length, GUESS), view: GUESS.view, row: GUESS.row });

  function onScroll(): void {
    const element = scroller.current;
    if (!element) {
      return;
    }
    const { row } = viewport.current;
    const { scrollTop: top, clientHeight } = element;
    viewport.current = { top, view: clientHeight || GUESS.view, row };
    const first = top > 0 ? current.current[Math.floor(top / row)] : undefined;
    anchor.current = first ? { id: first.id, beyond: top % row } : null;
    showRows();
  }

  function showRows(): void {
    const { view, row } = viewport.current;
    const next = { ...windowOf(current.current.length, viewport.current), view, row };
    setShown((old) => (isSame(old, next) ? old : next));
  }

  function keepAnchor(): void {
    const kept = anchor.current;
    const index = kept ? current.current.findIndex(({ id }) => id === kept.id) : -1;
    const top = kept && index >= 0 ? index * viewport.current.row + kept.beyond : viewport.current.top;
    if (scroller.current && top !== viewport.current.top) {
      scroller.current.scrollTop = top;
      onScroll();
    } else {
      // Nothing is read from the page, which would have to be laid out for it: it tells when it scrolls.
      showRows();
    }
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) {
      return undefined;
    }
    const measure = () => {
      const row = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-height'));
      viewport.current = { ...viewport.current, row: row || GUESS.row };
      keepAnchor();
      onScroll();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(keepAnchor, [rows]);

  return {
    first: Math.min(shown.first, rows.length),
    end: Math.min(shown.end, rows.length),
    rowHeight: shown.row,
    perScreen: Math.max(1, Math.floor(shown.view / shown.row) - 1),
    // Counted from the end: rows keep theirs while others are added above.
    slotOf: (index) => (rows.length - index) % slotsOf(shown),
    onScroll,
    show(index) {
      const element = scroller.current;
      if (element && index >= 0) {
        const { clientHeight: view, scrollTop: top } = element;
        element.scrollTop = scrollToShow(index, { top, view, row: viewport.current.row });
      }
    },
  };
}

function isSame<Values extends Record<string, number>>(one: Values, other: Values): boolean {
  return Object.entries(one).every(([name, value]) => other[name] === value);
}
