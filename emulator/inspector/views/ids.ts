/** Elements that keys and buttons take the focus to. */
export const SEARCH_ID = 'search';
export const LIST_ID = 'requests';
export const REQUEST_ID = 'request';

export function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}
