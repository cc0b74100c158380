/** Asks before the page is left. Returns how to stop. */
export function warnBeforeLeaving(window: Window): () => void {
  const warn = (event: Event) => event.preventDefault();
  window.addEventListener('beforeunload', warn);
  return () => window.removeEventListener('beforeunload', warn);
}
