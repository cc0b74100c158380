const FLASH_MS = 1000;

/** Alternates the tab's title with a message. Returns a function that stops this. */
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
