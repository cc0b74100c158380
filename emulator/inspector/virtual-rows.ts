/** Which rows of a long list are to be on the page. */
export interface RowWindow {
  first: number;
  /** The one after the last. */
  end: number;
}

/** All in CSS pixels. */
export interface Sight {
  /** How far the list is scrolled. */
  top: number;
  /** Height of what is seen of it. */
  view: number;
  /** Height of a row. */
  row: number;
}

/** Rows beyond either edge: what one frame of fast scrolling brings into sight. */
const SPARE = 8;

export function windowOf(count: number, { top, view, row }: Sight): RowWindow {
  const within = (index: number) => Math.max(0, Math.min(index, count));
  return { first: within(Math.floor(top / row) - SPARE), end: within(Math.ceil((top + view) / row) + SPARE) };
}

/** As many rows as can be on the page at once, wherever the list is scrolled to. */
export function slotsOf({ view, row }: Pick<Sight, 'view' | 'row'>): number {
  return Math.ceil(view / row) + 1 + 2 * SPARE;
}

/** How far to scroll so that a row is in sight; as it is where it is. */
export function scrollToShow(index: number, { top, view, row }: Sight): number {
  const begin = index * row;
  return begin < top ? begin : Math.max(top, begin + row - view);
}
