/** Whether typing goes into this element. */
export function isTyping(element: Element | null): boolean {
  return element?.matches('input, textarea, select, [contenteditable]') ?? false;
}
