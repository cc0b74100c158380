const FLASH_MS = 1000;

/** Lets the tab's title take turns between its own words and these. Returns how to stop. */
export function flashTitle(page: Pick<Document, 'title'>, words: string): () => void {
  const own = page.title;
  page.title = words;
  const timer = setInterval(() => {
    page.title = page.title === own ? words : own;
  }, FLASH_MS);
  return () => {
    clearInterval(timer);
    page.title = own;
  };
}
