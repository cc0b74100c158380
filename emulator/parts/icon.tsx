import type { IconNode } from 'lucide';
import { h } from 'preact';

/** An icon of the lucide set. It always stands beside a word, so it is hidden from screen readers. */
export function Icon({ node, class: className = '' }: { node: IconNode; class?: string }) {
  return (
    <svg
      class={`icon ${className}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {node.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
