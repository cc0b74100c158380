import type { IconNode } from 'lucide';
import { h } from 'preact';

interface IconProps {
  icon: IconNode;
  class?: string;
}

/** A lucide icon in the size and colour of the adjacent text, which says the same. */
export function Icon({ icon, class: extra }: IconProps) {
  return (
    <svg
      class={extra ? `icon ${extra}` : 'icon'}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {icon.map(([tag, attributes]) => h(tag, { key: JSON.stringify(attributes), ...attributes }))}
    </svg>
  );
}
