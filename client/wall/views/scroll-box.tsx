import type { ComponentChildren } from 'preact';

/** A part of the page that scrolls by itself, by keys, too. */
export function ScrollBox({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keys, too
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
