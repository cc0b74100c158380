import type { ComponentChildren } from 'preact';
import type { Presence } from '../ladder/leg-book.ts';
import type { Party } from '../ladder/step-kind.ts';

/** The four lines beside a step, and what goes between them. The sentence beside it says the same. */
export function Graph({ after, children }: { after: Presence; children: ComponentChildren }) {
  return (
    <div class="graph" aria-hidden="true">
      <i class={`graph__line graph__line--caller graph__line--${after.caller}`} />
      <i class="graph__line graph__line--vonage" />
      <i class="graph__line graph__line--server" />
      <i class={`graph__line graph__line--agent graph__line--${after.agent.stage}`} />
      {children}
    </div>
  );
}

const places: Record<Party, number> = { caller: 0, vonage: 1, server: 2, agent: 3 };

interface ArrowLineProps {
  from: Party;
  to: Party;
  kind: 'leg' | 'http';
  label: string;
}

export function ArrowLine({ from, to, kind, label }: ArrowLineProps) {
  const [left, right] = places[from] < places[to] ? [from, to] : [to, from];
  const direction = left === from ? 'right' : 'left';
  return (
    <span class={`arrow arrow--${kind} arrow--${direction} arrow--${left}-${right}`}>
      <span class="arrow__label">{label}</span>
    </span>
  );
}
