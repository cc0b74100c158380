/** A page that nobody sees paints nothing; what it was told must not pile up there. */
const LONGEST_MS = 250;

/** Runs something before the page is painted next, or soon where it is not painted. Returns the undo. */
export function beforePaint(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, LONGEST_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
