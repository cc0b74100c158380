import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type RowWindow, scrollToShow, slotsOf, windowOf } from '../virtual-rows.ts';

export interface VirtualRows extends RowWindow {
  /** Height of each row, CSS pixels. */
  rowHeight: number;
  /** Rows that fit on one screen. */
  perScreen: number;
  /** The most rows that are there at once. */
  slots: number;
  /** To be called when the list was scrolled. */
  onScroll: () => void;
  /** Brings a row into sight; none where the index is negative. */
  show: (index: number) => void;
}

/** What is assumed until the list is on the page. */
const GUESS = { top: 0, view: 800, row: 64 };

/**
 * Keeps only those rows of a long list that are in sight. The scrolling element says how high they are by
 * its property `--row-height`. Who has scrolled down keeps seeing the same rows while others come above.
 * @param rows all rows, from top to bottom
 */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly { id: string }[],
): VirtualRows {
  const current = useRef(rows);
  current.current = rows;
  const heights = useRef(GUESS);
  /** The row at the upper edge, and how far it is beyond it; null where nothing is above it. */
  const anchor = useRef<{ id: string; beyond: number } | null>(null);
  const [shown, setShown] = useState<RowWindow & { row: number }>({
    ...windowOf(rows.length, GUESS),
    row: GUESS.row,
  });

  function onScroll(): void {
    const element = scroller.current;
    if (!element) {
      return;
    }
    const { scrollTop: top, clientHeight } = element;
    const view = clientHeight || GUESS.view;
    const { row } = heights.current;
    heights.current = { top, view, row };
    const first = top > 0 ? current.current[Math.floor(top / row)] : undefined;
    anchor.current = first ? { id: first.id, beyond: top % row } : null;
    const next = { ...windowOf(current.current.length, heights.current), row };
    setShown((old) =>
      old.first === next.first && old.end === next.end && old.row === next.row ? old : next,
    );
  }

  function onResize(): void {
    const element = scroller.current;
    if (element) {
      const height = getComputedStyle(element).getPropertyValue('--row-height');
      heights.current = { ...heights.current, row: Number.parseFloat(height) || GUESS.row };
      keepAnchor();
    }
  }

  function keepAnchor(): void {
    const element = scroller.current;
    const kept = anchor.current;
    const index = kept ? current.current.findIndex(({ id }) => id === kept.id) : -1;
    if (element && kept && index >= 0) {
      element.scrollTop = index * heights.current.row + kept.beyond;
    }
    onScroll();
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) {
      return undefined;
    }
    onResize();
    const observer = new ResizeObserver(onResize);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(keepAnchor, [rows]);

  return {
    first: Math.min(shown.first, rows.length),
    end: Math.min(shown.end, rows.length),
    rowHeight: shown.row,
    slots: slotsOf({ ...heights.current, row: shown.row }),
    perScreen: Math.max(1, Math.floor(heights.current.view / shown.row) - 1),
    onScroll,
    show(index) {
      const element = scroller.current;
      if (element && index >= 0) {
        const { clientHeight: view, scrollTop: top } = element;
        element.scrollTop = scrollToShow(index, { top, view, row: heights.current.row });
      }
    },
  };
}
