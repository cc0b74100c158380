import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type RowWindow, type Sight, scrollToShow, slotsOf, windowOf } from '../virtual-rows.ts';

export interface VirtualRows extends RowWindow {
  /** Height of each row, CSS pixels. */
  rowHeight: number;
  /** For the row at an index: a name that no other on the page has, and that others have had. */
  slotOf: (index: number) => number;
  onScroll: () => void;
  /** Brings a row into sight; none where the index is negative. */
  show: (index: number) => void;
}

/** What is assumed until the list is on the page. */
const GUESS: Sight = { top: 0, view: 800, row: 52 };

/**
 * Keeps only those rows of a long list on the page that are in sight. The scrolling element says how high a row is
 * by its property `--row-height`. Who has scrolled down keeps seeing the same rows while others come above.
 */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly { id: number }[],
): VirtualRows {
  const current = useRef(rows);
  current.current = rows;
  const sight = useRef(GUESS);
  /** The row at the upper edge, and how far it is beyond it; null where nothing is above it. */
  const anchor = useRef<{ id: number; beyond: number } | null>(null);
  const [shown, setShown] = useState({
    ...windowOf(rows.length, GUESS),
    row: GUESS.row,
    slots: slotsOf(GUESS),
  });

  function onScroll(): void {
    const element = scroller.current;
    if (!element) return;
    const { row } = sight.current;
    const { scrollTop: top, clientHeight } = element;
    sight.current = { top, view: clientHeight || GUESS.view, row };
    const first = top > 0 ? current.current[Math.floor(top / row)] : undefined;
    anchor.current = first ? { id: first.id, beyond: top % row } : null;
    const slots = slotsOf(sight.current);
    const next = { ...windowOf(current.current.length, sight.current), row, slots };
    setShown((old) => (isSame(old, next) ? old : next));
  }

  function keepAnchor(): void {
    const kept = anchor.current;
    const index = kept ? current.current.findIndex(({ id }) => id === kept.id) : -1;
    if (scroller.current && kept && index >= 0) {
      scroller.current.scrollTop = index * sight.current.row + kept.beyond;
    }
    onScroll();
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => {
      const row = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-height'));
      sight.current = { ...sight.current, row: row || GUESS.row };
      keepAnchor();
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
    // Counted from the oldest: rows keep theirs while others come above them.
    slotOf: (index) => (rows.length - index) % shown.slots,
    onScroll,
    show(index) {
      const element = scroller.current;
      if (!element || index < 0) return;
      const { clientHeight: view, scrollTop: top } = element;
      element.scrollTop = scrollToShow(index, { top, view, row: sight.current.row });
    },
  };
}

function isSame<Values extends Record<string, number>>(one: Values, other: Values): boolean {
  return Object.entries(one).every(([name, value]) => other[name] === value);
}
