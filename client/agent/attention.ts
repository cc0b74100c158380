const FLASH_MS = 1_000;

/** Lets the tab's title alternate between its own words and these. Returns how to stop. */
export function flashTitle(document: Document, words: string): () => void {
  const own = document.title;
  let shown = true;
  document.title = words;
  const timer = setInterval(() => {
    shown = !shown;
    document.title = shown ? words : own;
  }, FLASH_MS);
  return () => {
    clearInterval(timer);
    document.title = own;
  };
}

/** Asks before the page is left. Returns how to stop. */
export function warnBeforeLeaving(window: Window): () => void {
  const warn = (event: Event) => event.preventDefault();
  window.addEventListener('beforeunload', warn);
  return () => window.removeEventListener('beforeunload', warn);
}
