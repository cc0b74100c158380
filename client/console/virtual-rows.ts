/** Which rows of a long list are to be there. */
export interface RowWindow {
  first: number;
  /** The one after the last. */
  end: number;
}

/** Rows beyond either edge: as many as one frame of fast scrolling brings into sight. */
const SPARE_ROWS = 8;

/** @param heights all in CSS pixels */
export function windowOf(
  count: number,
  { top, view, row }: { top: number; view: number; row: number },
): RowWindow {
  const first = Math.floor(top / row) - SPARE_ROWS;
  const end = Math.ceil((top + view) / row) + SPARE_ROWS;
  return { first: Math.max(0, Math.min(first, count)), end: Math.max(0, Math.min(end, count)) };
}

/** The most rows that are ever there at once, wherever the list is scrolled to. */
export function slotsOf({ view, row }: { view: number; row: number }): number {
  return Math.ceil(view / row) + 1 + 2 * SPARE_ROWS;
}

/** How far to scroll so that a row is in sight; the position as it is where it is in sight already. */
export function scrollToShow(
  index: number,
  { top, view, row }: { top: number; view: number; row: number },
): number {
  const begin = index * row;
  if (begin < top) {
    return begin;
  }
  return Math.max(top, begin + row - view);
}
