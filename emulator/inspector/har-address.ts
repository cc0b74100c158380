import type { Filter } from './filter.ts';

/** Where what a filter lets through is to be had as an HTTP archive. @param base address of the log, without a slash at the end */
export function harAddress(base: string, { text, direction, outcome, call }: Filter): string {
  const query = new URLSearchParams();
  if (call !== null) query.set('call', call);
  if (direction !== null) query.set('direction', direction);
  if (outcome !== null) query.set('status', outcome);
  if (text.trim() !== '') query.set('text', text.trim());
  return `${base}.har${query.size > 0 ? `?${query}` : ''}`;
}
